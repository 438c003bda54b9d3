import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Eid, GroupId, PeerId } from '../../../shared/domain/ids.ts'
import { AppError } from '../../kernel/errors.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { systemRandom } from '../../kernel/random.ts'
import type { Network, SessionStatus } from '../../ports/network.ts'
import type { JoinRow } from '../../ports/store.ts'
import type { ReturnAnswer, ReturnRequest } from '../../ports/wire.ts'
import { bareGroupFrontier } from '../../sync/anti-entropy/group-frontier.ts'
import { putEnded, readEnded } from '../../sync/members/ended.ts'
import { heardUpTo } from '../../sync/members/hear.ts'
import { Listening } from '../../sync/members/listening.ts'
import { isAstray } from '../../sync/returning/astray.ts'
import { makeOffer, readOffer } from '../../sync/returning/offer.ts'
import { readmit } from '../../sync/returning/readmit.ts'
import { bring, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { sessionWith } from '../../testing/fixtures/session-with.ts'
import { makeReturningWorld, meet, PEER, returnBy } from '../../testing/returning/returning-world.ts'
import type { ReturningWorld } from '../../testing/returning/returning-world.ts'
import { tempDir } from '../../testing/temp-dir.ts'
import { StillIn } from './still-in.ts'

const [ANN, BOB] = ['ann', 'bob'] as PeerId[] as [PeerId, PeerId]
const MINUTE = 60_000

describe('a device that was removed by Bob, as far as it knows', () => {
  let folder: ReturnType<typeof tempDir>
  let world: ReturningWorld
  let ann: Device
  let bob: Device
  let carol: Device
  let stillIn: StillIn
  let network: Pick<Network, 'sessions' | 'askReturn' | 'frontier' | 'localPeer'>
  let sessions: SessionStatus[]
  let answer: (request: ReturnRequest) => Promise<ReturnAnswer>
  /** Where Ann says that she is. */
  let place: Eid
  let listening: Listening
  let whenAsked: () => void
  const asked: PeerId[] = []
  const back: GroupId[] = []

  beforeEach(async () => {
    folder = tempDir()
    world = await makeReturningWorld('still in', folder.dir)
    ann = await world.found('Ann')
    bob = await world.join(ann, 'Bob')
    carol = await world.join(ann, 'Carol')
    await meet(world, ann, bob)
    const { clock, store } = carol.deps
    store.transaction((tx) => putEnded(tx, SPACE, { kind: 'removed', at: clock.now(), by: bob.group.self }))
    sessions = [sessionWith(ANN, ann.group.self), sessionWith(BOB, bob.group.self)]
    ;[asked.length, back.length] = [0, 0]
    place = systemRandom.id<Eid>()
    listening = new Listening()
    whenAsked = () => undefined
    listening.begin(carol.group)
    network = {
      localPeer: PEER,
      sessions: () => sessions,
      frontier: async () => {
        whenAsked()
        return { ...bareGroupFrontier(ann.group), eid: place }
      },
      askReturn: (peer, request) => {
        asked.push(peer)
        return answer(request)
      },
    }
    stillIn = new StillIn({
      ...{ listening, clock, network, logger: silentLogger },
      identify: (_, peerId) => (peerId.startsWith(ANN) ? ann : bob).group.self,
      back: (groupId) => void back.push(groupId),
    })
    stillIn.kick(SPACE)
  })
  afterEach(async () => {
    await stillIn.stop()
    for (const device of [ann, bob, carol]) world.storeOf(device).close()
    folder.remove()
  })
  const passes = async (ms: number) => {
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve))
    world.clock.advance(ms)
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve))
  }
  const said = (kind: ReturnAnswer) => () => Promise.resolve(kind)
  const notMember = said({ kind: 'refused', code: 'not-member' })

  it('asks after a while whom it meets, but not Bob, and is back where that one still has it', async () => {
    answer = (request) => readmit(ann.group, request)
    await passes(19_000)
    expect(asked).toEqual([])
    await passes(1_000)
    expect(asked).toEqual([ANN])
    await expect.poll(() => back).toEqual([SPACE])
    expect([readEnded(carol.store, SPACE), isAstray(carol.store, SPACE), carol.group.tip.row.returning]).toEqual([null, true, true])
  })

  it('is not taken for one that went astray, which counts on, where it was put back from an older copy', async () => {
    answer = (request) => readmit(ann.group, request)
    carol.group.markReturning()
    await passes(20_000)
    await expect.poll(() => back).toEqual([SPACE])
    expect([readEnded(carol.store, SPACE), isAstray(carol.store, SPACE), carol.group.tip.row.returning]).toEqual([null, false, true])
  })

  it('stays out, and asks no more, where it is told that it is', async () => {
    answer = notMember
    await passes(20_000)
    stillIn.kick(SPACE)
    await passes(60 * MINUTE)
    expect([asked, back]).toEqual([[ANN], []])
    expect(readEnded(carol.store, SPACE)?.kind).toBe('removed')
  })

  it('asks nobody, and believes nobody, while it asks to be let in by an invitation: whoever let it in would say so', async () => {
    answer = (request) => readmit(ann.group, request)
    const join: JoinRow = {
      ...{ joinId: systemRandom.id(), requestId: systemRandom.id(), link: '', groupId: SPACE, spaceName: '', memberName: '' },
      ...{ identity: Uint8Array.of(1), state: { kind: 'working', step: 'asking' }, attempts: 0, startedAt: 0, expiresAt: 0 },
    }
    const put = (row: JoinRow) => carol.store.transaction((tx) => tx.joins.put(row))
    whenAsked = () => put(join)
    await passes(20_000)
    stillIn.kick(SPACE)
    await passes(60_000)
    expect(readEnded(carol.store, SPACE)?.kind).toBe('removed')
    whenAsked = () => undefined
    put({ ...join, state: { kind: 'cancelled' } })
    await passes(10_000)
    await expect.poll(() => back).toEqual([SPACE])
  })

  it.each([
    ['does not answer', () => Promise.reject(new AppError('timed-out', 'No answer.'))],
    ['puts it off', said({ kind: 'later', afterMs: 1_000 })],
  ])('asks one that %s again, later each time', async (_, first) => {
    answer = first
    await passes(20_000)
    await passes(10_000)
    expect(asked).toHaveLength(2)
    answer = notMember
    for (let i = 0; i < 3; i++) await passes(10 * MINUTE)
    expect([asked.length, back]).toEqual([3, []])
  })

  it('is called back by each once: who means no good would have it come and go for ever', async () => {
    answer = said({ kind: 'leaf', leafKey: new Uint8Array(32) })
    await passes(20_000)
    await expect.poll(() => back).toEqual([SPACE])
    carol.store.transaction((tx) => putEnded(tx, SPACE, { kind: 'removed', at: world.clock.now(), by: bob.group.self }))
    stillIn.kick(SPACE)
    for (let i = 0; i < 3; i++) await passes(10 * MINUTE)
    expect([asked, back]).toEqual([[ANN], [SPACE]])
  })

  it('does not ask who is where it was: that one may be out itself', async () => {
    place = carol.group.tip.row.tip
    answer = (request) => readmit(ann.group, request)
    await passes(20_000)
    stillIn.kick(SPACE)
    await passes(10 * MINUTE)
    expect([asked, back]).toEqual([[], []])
  })

  it('asks who is where only an earlier leaf of this device leads: that branch is known here, and no choice comes to it', async () => {
    carol.group.markReturning()
    await returnBy(carol, bob)
    for (const name of ['one', 'two', 'three']) await ann.addChannel(name)
    await bring(ann, carol)
    place = ann.group.tip.row.tip
    expect(carol.store.mls.epoch(SPACE, place)).not.toBeNull()
    answer = (request) => readmit(ann.group, request)
    await passes(20_000)
    await expect.poll(() => [asked, back]).toEqual([[ANN], [SPACE]])
  })

  it('asks one again that listens itself and cannot say, until it can', async () => {
    carol.group.markReturning()
    await returnBy(carol, bob)
    for (const name of ['one', 'two', 'three']) await ann.addChannel(name)
    await bring(ann, carol)
    let isListening = true
    network.frontier = (_, ours) => {
      const heard = isListening ? heardUpTo(ann.group, ours) : bareGroupFrontier(ann.group)
      return heard === null ? Promise.reject(new AppError('not-found', 'This group is not here.')) : Promise.resolve(heard)
    }
    answer = (request) => (isListening ? Promise.resolve({ kind: 'refused', code: 'malformed' }) : readmit(ann.group, request))
    await passes(20_000)
    expect([asked, back]).toEqual([[ANN], []])
    isListening = false
    for (let i = 0; i < 3; i++) await passes(10 * MINUTE)
    expect(back).toEqual([SPACE])
  })

  it('asks one again that is elsewhere than where it said that this device is none, after a while', async () => {
    answer = notMember
    await passes(20_000)
    place = systemRandom.id<Eid>()
    answer = (request) => readmit(ann.group, request)
    stillIn.kick(SPACE)
    await passes(9 * MINUTE)
    expect([asked, back]).toEqual([[ANN], []])
    await passes(MINUTE)
    await expect.poll(() => back).toEqual([SPACE])
  })

  it('is called back by each member once, however many peers it is', async () => {
    answer = said({ kind: 'leaf', leafKey: new Uint8Array(32) })
    await passes(20_000)
    await expect.poll(() => back).toEqual([SPACE])
    for (let i = 0; i < 3; i++) {
      carol.store.transaction((tx) => putEnded(tx, SPACE, { kind: 'removed', at: world.clock.now() - MINUTE, by: bob.group.self }))
      sessions = [sessionWith(`${ANN}${i}` as PeerId, ann.group.self)]
      stillIn.kick(SPACE)
      await passes(10 * MINUTE)
    }
    expect(back).toEqual([SPACE])
  })

  it('makes nothing for a space that is deleted meanwhile', async () => {
    whenAsked = () => {
      listening.end(SPACE)
      carol.store.transaction((tx) => {
        while (tx.groups.forget(SPACE, 100)) continue
      })
    }
    answer = notMember
    await passes(20_000)
    await stillIn.stop()
    expect([asked, back]).toEqual([[], []])
    expect(readOffer(carol.store, SPACE, PEER)).toBeNull()
    await expect(makeOffer(carol.group, new Uint8Array(32), PEER)).rejects.toMatchObject({ code: 'not-found' })
    expect(readOffer(carol.store, SPACE, PEER)).toBeNull()
  })

  it('asks nobody who is not connected, and who comes later', async () => {
    const [first] = sessions.splice(0, 1)
    answer = notMember
    await passes(20_000)
    expect(asked).toEqual([])
    if (first !== undefined) sessions.push(first)
    stillIn.kick(SPACE)
    await passes(0)
    expect(asked).toEqual([ANN])
  })
})
