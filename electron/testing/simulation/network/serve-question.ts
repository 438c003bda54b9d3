import type { GroupId, PeerId } from '../../../../shared/domain/ids.ts'
import { AppError } from '../../../kernel/errors.ts'
import { frontierRpc } from '../../../network/protocols/frontier/frontier-rpc.ts'
import { handOverRpc } from '../../../network/protocols/hand-over/hand-over-rpc.ts'
import { helloRpc } from '../../../network/protocols/hello/hello-rpc.ts'
import type { createHelloResponder } from '../../../network/protocols/hello/responder.ts'
import { historyRpc } from '../../../network/protocols/history/history-rpc.ts'
import { hintsRpc } from '../../../network/protocols/hints/hints-rpc.ts'
import { joinRpc } from '../../../network/protocols/join/join-rpc.ts'
import { objectsRpc } from '../../../network/protocols/objects/objects-rpc.ts'
import { leaveRpc } from '../../../network/protocols/leave/leave-rpc.ts'
import { returnRpc } from '../../../network/protocols/return/return-rpc.ts'
import { welcomeRpc } from '../../../network/protocols/welcome/welcome-rpc.ts'
import type { Rpc } from '../../../network/protocols/rpc.ts'
import { Refused } from '../../../network/protocols/rpc.ts'
import type { NetworkHandlers } from '../../../ports/network.ts'
import type { SharedGroup, WireObject } from '../../../ports/wire.ts'
import type { Tamper } from './tamper.ts'

interface Serving {
  handlers: NetworkHandlers
  from: PeerId
  tamper: Tamper | null
  /** Objects that an answer carries. */
  leaves: (objects: readonly WireObject[]) => void
  /** Who answers a hello on this connection; one that begins is a new exchange. */
  introduce: (begins: boolean) => ReturnType<typeof createHelloResponder> | null
  /** Who the other end proved to be in a group; null where it did not. */
  sharer: (groupId: GroupId) => SharedGroup | null
  fault: (thrown: unknown) => void
}

/** The answering end of every protocol, as `network/sessions/serve-streams`. Null resets the connection; throws `Refused` for a no. */
export async function serveQuestion(serving: Serving, protocol: string, body: Uint8Array): Promise<Uint8Array | null> {
  const { handlers, from, tamper, leaves, introduce } = serving
  switch (protocol) {
    case helloRpc.id:
      return answer(serving, helloRpc, body, async (request) => {
        const respond = introduce(request.kind === 'open')
        if (respond === null) throw new Refused('malformed')
        return respond(request)
      })
    case joinRpc.id:
      return answer(serving, joinRpc, body, async (request) => {
        const given = await handlers.onJoin(from, request)
        if (given.kind === 'welcome') leaves(given.commits)
        return given
      })
    case objectsRpc.id:
      return answerMember(serving, objectsRpc, body, async (sharer, push) => {
        const acks = await handlers.onPush(sharer, push)
        return tamper?.acks(acks) ?? acks
      })
    case frontierRpc.id:
      return answerMember(serving, frontierRpc, body, async (sharer, theirs) => {
        const ours = await handlers.onFrontier(sharer, from, theirs)
        return tamper?.frontier(ours, from) ?? ours
      })
    case hintsRpc.id:
      return answerMember(serving, hintsRpc, body, async (sharer, { groupId, hints }) => ({
        groupId,
        hints: await handlers.onHints(sharer, hints),
      }))
    case returnRpc.id:
      return answerMember(serving, returnRpc, body, async (sharer, request) => {
        const given = await handlers.onReturn(sharer, from, request)
        if (given.kind === 'welcome') leaves(given.commits)
        return given
      })
    case leaveRpc.id:
      return answerMember(serving, leaveRpc, body, (sharer, request) => handlers.onLeave(sharer, request))
    case historyRpc.id:
      return answerMember(serving, historyRpc, body, (sharer, request) => handlers.onHistory(sharer, request))
    case handOverRpc.id:
      return answerMember(serving, handOverRpc, body, (sharer, given) => handlers.onHandOver(sharer, given))
    case welcomeRpc.id:
      return answerMember(serving, welcomeRpc, body, (sharer, request) => handlers.onWelcome(sharer, request))
    default:
      return null
  }
}

async function answer<Q, R>(
  { fault }: Serving,
  rpc: Rpc<Q, R>,
  body: Uint8Array,
  handle: (request: Q) => Promise<R>,
): Promise<Uint8Array | null> {
  const request = rpc.decodeRequest(body)
  if (request === null) return null
  try {
    return rpc.encodeResponse(await handle(request))
  } catch (thrown) {
    if (thrown instanceof Refused && (thrown.code === 'malformed' || thrown.code === 'other-version')) return null
    if (!(thrown instanceof Refused) && !(thrown instanceof AppError)) fault(thrown)
    throw new Refused('failed')
  }
}

const answerMember = <Q extends { groupId: GroupId }, R>(
  serving: Serving,
  rpc: Rpc<Q, R>,
  body: Uint8Array,
  handle: (from: SharedGroup, request: Q) => Promise<R>,
): Promise<Uint8Array | null> =>
  answer(serving, rpc, body, async (request) => {
    const from = serving.sharer(request.groupId)
    if (from === null) throw new Refused('not-shared')
    return handle(from, request)
  })
