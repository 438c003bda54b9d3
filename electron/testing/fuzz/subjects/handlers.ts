import type { GroupId, MemberId } from '../../../../shared/domain/ids.ts'
import { toHex } from '../../../kernel/bytes.ts'
import { AppError } from '../../../kernel/errors.ts'
import { frontierRpc } from '../../../network/protocols/frontier/frontier-rpc.ts'
import { handOverRpc } from '../../../network/protocols/hand-over/hand-over-rpc.ts'
import { hintsRpc } from '../../../network/protocols/hints/hints-rpc.ts'
import { historyRpc } from '../../../network/protocols/history/history-rpc.ts'
import { joinRpc } from '../../../network/protocols/join/join-rpc.ts'
import { leaveRpc } from '../../../network/protocols/leave/leave-rpc.ts'
import { objectsRpc } from '../../../network/protocols/objects/objects-rpc.ts'
import { returnRpc } from '../../../network/protocols/return/return-rpc.ts'
import { Refused } from '../../../network/protocols/rpc.ts'
import type { Rpc } from '../../../network/protocols/rpc.ts'
import { welcomeRpc } from '../../../network/protocols/welcome/welcome-rpc.ts'
import type { NetworkHandlers } from '../../../ports/network.ts'
import type { SharedGroup } from '../../../ports/wire.ts'
import { selfOf } from '../../fixtures/town.ts'
import type { Resident, Town } from '../../fixtures/town.ts'
import type { Subject } from '../subject.ts'
import { cborStructure } from './cbor.ts'

/** As many of each protocol: what comes first opens most doors, and a mutant costs as much whatever it was made of. */
const MOST_SAMPLES = 12

type Asked = Map<string, Uint8Array[]>

/** Writes down what is asked of them from now on, as it came over the wire. */
export function overhear(...residents: Resident[]): Asked {
  const asked: Asked = new Map()
  for (const resident of residents) listenAt(resident, asked)
  return asked
}

function listenAt({ handlers }: Resident, asked: Asked): void {
  const note = <Q, R>(rpc: Rpc<Q, R>, request: Q): void => {
    const all = asked.get(rpc.id) ?? []
    asked.set(rpc.id, all)
    const body = rpc.encodeRequest(request)
    if (all.length < MOST_SAMPLES && !all.some((each) => toHex(each) === toHex(body))) all.push(body)
  }
  const honest = { ...bound(handlers) }
  handlers.onJoin = (from, request, missed) => (note(joinRpc, request), honest.onJoin(from, request, missed))
  handlers.onPush = (from, push) => (note(objectsRpc, push), honest.onPush(from, push))
  handlers.onFrontier = (from, peer, theirs) => (note(frontierRpc, theirs), honest.onFrontier(from, peer, theirs))
  handlers.onReturn = (from, peer, request) => (note(returnRpc, request), honest.onReturn(from, peer, request))
  handlers.onLeave = (from, request) => (note(leaveRpc, request), honest.onLeave(from, request))
  handlers.onHistory = (from, request) => (note(historyRpc, request), honest.onHistory(from, request))
  handlers.onHandOver = (from, given) => (note(handOverRpc, given), honest.onHandOver(from, given))
  handlers.onWelcome = (from, request) => (note(welcomeRpc, request), honest.onWelcome(from, request))
  handlers.onHints = (from, hints) => (note(hintsRpc, { groupId: from.groupId, hints }), honest.onHints(from, hints))
}

const bound = (handlers: NetworkHandlers): Omit<NetworkHandlers, 'membership'> => ({
  onJoin: handlers.onJoin.bind(handlers),
  onPush: handlers.onPush.bind(handlers),
  onFrontier: handlers.onFrontier.bind(handlers),
  onReturn: handlers.onReturn.bind(handlers),
  onLeave: handlers.onLeave.bind(handlers),
  onHistory: handlers.onHistory.bind(handlers),
  onHandOver: handlers.onHandOver.bind(handlers),
  onWelcome: handlers.onWelcome.bind(handlers),
  onHints: handlers.onHints.bind(handlers),
})

/**
 * What `to` is asked by `from`, a member who means no good: bytes that become a request, in the hands of whoever answers it, over the store
 * that it has. Of what decodes nothing but typed errors may come, and nothing that `state` tells may be another afterwards. Of what it says of one member, `aside`, it tells nothing.
 */
export function handlerSubjects(
  town: Town,
  asked: Asked,
  to: Resident,
  from: Resident,
  state: (aside: MemberId | null) => unknown,
): Subject[] {
  const { handlers } = to
  const membersOf = (groupId: GroupId): SharedGroup | null => {
    const row = from.store.groups.get(groupId)
    return row === null || to.store.groups.get(groupId) === null ? null : { groupId, memberId: row.selfMemberId }
  }
  const subject = <Q, R>(rpc: Rpc<Q, R>, handle: (request: Q) => Promise<R>, look = () => state(null)): Subject => {
    const before = JSON.stringify(look())
    return {
      name: `handler of ${rpc.id}`,
      samples: asked.get(rpc.id) ?? [],
      structure: cborStructure,
      decode: async (bytes) => {
        const request = bytes.length > rpc.limits.requestBytes ? null : rpc.decodeRequest(bytes)
        if (request === null) return false
        // Some wait a moment before they answer; and nobody is to be told to come later, whatever is counted by the minute.
        town.clock.advance(500)
        const ticking = setInterval(() => town.clock.advance(500), 1)
        try {
          rpc.encodeResponse(await handle(request))
          return true
        } catch (thrown) {
          if (thrown instanceof AppError || thrown instanceof Refused) return false
          throw thrown
        } finally {
          clearInterval(ticking)
        }
      },
      unchanged: () => {
        const now = JSON.stringify(look())
        if (now !== before) throw new Error(`it was ${before} and is ${now}`)
      },
    }
  }
  const member = <Q extends { groupId: GroupId }, R>(
    rpc: Rpc<Q, R>,
    handle: (shared: SharedGroup, request: Q) => Promise<R>,
    look?: () => unknown,
  ): Subject =>
    subject(
      rpc,
      (request) => {
        const shared = membersOf(request.groupId)
        if (shared === null) throw new Refused('not-shared')
        return handle(shared, request)
      },
      look,
    )
  return [
    subject(joinRpc, (request) => handlers.onJoin(from.peerId, request)),
    member(objectsRpc, (shared, push) => handlers.onPush(shared, push)),
    member(frontierRpc, (shared, theirs) => handlers.onFrontier(shared, from.peerId, theirs)),
    member(returnRpc, (shared, request) => handlers.onReturn(shared, from.peerId, request)),
    member(leaveRpc, (shared, request) => handlers.onLeave(shared, request)),
    member(historyRpc, (shared, request) => handlers.onHistory(shared, request)),
    // Whatever a member gives out as its own it says itself.
    member(
      handOverRpc,
      (shared, given) => handlers.onHandOver(shared, given),
      () => state(selfOf(from)),
    ),
    member(welcomeRpc, (shared, request) => handlers.onWelcome(shared, request)),
    member(hintsRpc, async (shared, theirs) => ({ groupId: shared.groupId, hints: await handlers.onHints(shared, theirs.hints) })),
  ]
}
