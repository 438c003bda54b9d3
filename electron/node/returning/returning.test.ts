import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Eid, GroupId, ObjectId, PeerId } from '../../../shared/domain/ids.ts'
import { AppError } from '../../kernel/errors.ts'
import { silentLogger } from '../../kernel/logger.ts'
import type { Network } from '../../ports/network.ts'
import type { ReturnAnswer, ReturnRequest } from '../../ports/wire.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { withoutUs } from '../../sync/group/edge.ts'
import { readEnded } from '../../sync/members/ended.ts'
import { hasLeaveOffer } from '../../sync/members/leave-offer.ts'
import { isAstray } from '../../sync/returning/astray.ts'
import { readmit } from '../../sync/returning/readmit.ts'
import { SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { sessionWith } from '../../testing/fixtures/session-with.ts'
import { makeReturningWorld, meet, PEER } from '../../testing/returning/returning-world.ts'
import type { ReturningWorld } from '../../testing/returning/returning-world.ts'
import { changeRole } from '../../sync/members/change-role.ts'
import { mayHearMore } from '../../sync/members/listening.ts'
import { tempDir } from '../../testing/temp-dir.ts'
import { Returning } from './returning.ts'

let folder: ReturnType<typeof tempDir>
let world: ReturningWorld
let ann: Device
let bob: Device
let carol: Device
let returning: Returning
beforeEach(async () => {
  folder = tempDir()
  world = await makeReturningWorld('asking', folder.dir)
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob')
  carol = await world.join(ann, 'Carol')
  await meet(world, ann, bob)
  world.putBack(ann, world.copy(ann))
  asked.length = 0
  told.length = 0
  stayed.length = 0
  sayings = 0
})
afterEach(async () => {
  await returning.stop()
  for (const device of [ann, bob, carol]) world.storeOf(device).close()
  folder.remove()
})

const [BOB, CAROL] = ['bob', 'carol'] as PeerId[] as [PeerId, PeerId]
/** Groups that are said to be back. */
const told: GroupId[] = []
let sayings = 0
/** Groups that stay where they were. */
const stayed: GroupId[] = []
const groups = new Map<GroupId, LiveGroup>()
const asked: { peer: PeerId; request: ReturnRequest }[] = []

/** Connected to Bob and Carol, who answer as told. */
function connected(
  answers: Partial<Record<PeerId, (request: ReturnRequest) => Promise<ReturnAnswer>>>,
  sessions = [sessionWith(BOB, bob.group.self), sessionWith(CAROL, carol.group.self)],
  elsewhere: readonly PeerId[] = [],
): Returning {
  const network = {
    localPeer: PEER,
    sessions: () => sessions,
    askReturn: (peer: PeerId, request: ReturnRequest) => {
      asked.push({ peer, request })
      return answers[peer]?.(request) ?? Promise.reject(new AppError('timed-out', 'No answer.'))
    },
  } satisfies Partial<Network>
  const { clock, random } = ann.deps
  groups.set(SPACE, ann.group)
  const back = (groupId: GroupId) => told.push(groupId)
  returning = new Returning({
    groups,
    network: network as unknown as Network,
    clock,
    random,
    logger: silentLogger,
    back,
    places: {
      elsewhere: () => new Set(elsewhere),
      behind: () => new Set(),
      stays: (groupId) => void stayed.push(groupId),
      letIn: () => Promise.resolve(),
    },
    identify: (_, peerId) => sessions.find((one) => one.peerId === peerId)?.shared[0]?.memberId ?? UNPROVEN,
    uninvited: () => undefined,
    tooOften: () => undefined,
    takenOver: () => undefined,
    nobodyLeft: () => (sayings += 1),
  })
  returning.start()
  return returning
}

const turns = async () => {
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve))
}
const peersAsked = () => asked.map(({ peer }) => peer)
const isBack = () => expect.poll(() => ann.group.tip.row.returning).toBe(false)
const said = (answer: ReturnAnswer) => () => Promise.resolve(answer)

describe('a device that returns', () => {
  it('asks the first member who is connected, and no other once it is back', async () => {
    connected({ [BOB]: (request) => readmit(bob.group, request) })
    await isBack()
    returning.kick(SPACE)
    await turns()
    expect(peersAsked()).toEqual([BOB])
    expect(told).toEqual([SPACE])
  })

  it('asks the next only after a pause when one falls silent: it may have let us in all the same', async () => {
    connected({ [BOB]: (request) => readmit(bob.group, request).then(() => Promise.reject(new AppError('timed-out', 'Lost.'))) })
    await expect.poll(peersAsked).toEqual([BOB])
    await turns()
    expect(peersAsked()).toEqual([BOB])
    world.clock.advance(1_000)
    await expect.poll(peersAsked).toEqual([BOB, BOB])
    expect(asked[1]?.request).toEqual(asked[0]?.request)
  })

  it('asks the next at once when one says no', async () => {
    connected({
      [BOB]: said({ kind: 'refused', code: 'not-member' }),
      [CAROL]: (request) => readmit(carol.group, request),
    })
    await isBack()
    expect(peersAsked()).toEqual([BOB, CAROL])
  })

  it('from an older copy is never taken for one that went astray, however often it is told that it is no member', async () => {
    connected({ [BOB]: said({ kind: 'refused', code: 'not-member' }), [CAROL]: said({ kind: 'refused', code: 'not-member' }) })
    for (let i = 0; i < 20; i++) {
      await turns()
      world.clock.advance(60_000)
    }
    expect(asked.length).toBeGreaterThan(16)
    expect(isAstray(ann.store, SPACE)).toBe(false)
    expect(ann.group.tip.row.returning).toBe(true)
  })

  it('that went astray asks those who are elsewhere, and who is where it is only while nobody else is there', async () => {
    ann.store.transaction((tx) => tx.settings.set(`astray/${SPACE}`, new Uint8Array()))
    const elsewhere = [CAROL]
    connected(
      { [BOB]: (request) => readmit(bob.group, request), [CAROL]: said({ kind: 'refused', code: 'not-member' }) },
      undefined,
      elsewhere,
    )
    for (let i = 0; i < 5; i++) {
      await turns()
      world.clock.advance(60_000)
    }
    expect(new Set(peersAsked())).toEqual(new Set([CAROL]))
    elsewhere.length = 0
    await returning.stop()
    connected({ [BOB]: (request) => readmit(bob.group, request) })
    await isBack()
    expect(peersAsked()).toContain(BOB)
  })

  /** Bob made a commit by which Ann is out. */
  const isAstrayAndRemoved = () => {
    const { tip } = ann.group.tip.row
    const objectId = 'e0'.repeat(32) as ObjectId
    const removal = { objectId, groupId: SPACE, parent: tip, child: withoutUs(objectId), author: bob.group.self, authorLeaf: 1 }
    ann.store.transaction((tx) => {
      tx.settings.set(`astray/${SPACE}`, new Uint8Array())
      tx.commits.put({ ...removal, removes: [ann.group.self] })
    })
  }
  const isNone = said({ kind: 'refused', code: 'not-member' })

  it.each([
    ['is out and keeps what is here', false],
    ['and wanted to leave goes on until somebody heard that', true],
  ])('that went astray and is told that it was removed, of which it knows, %s', async (_, wantsOut) => {
    isAstrayAndRemoved()
    if (wantsOut) ann.store.transaction((tx) => tx.settings.set(`leave-offer/${SPACE}`, new Uint8Array()))
    connected({ [BOB]: isNone, [CAROL]: isNone }, undefined, [BOB, CAROL])
    for (let i = 0; i < 6; i++) {
      await turns()
      world.clock.advance(60_000)
    }
    expect(readEnded(ann.store, SPACE)).toMatchObject({ kind: 'removed', by: bob.group.self })
    expect(hasLeaveOffer(ann.store, SPACE)).toBe(wantsOut)
  })

  it('that went astray takes one member for no two, however often it is connected', async () => {
    isAstrayAndRemoved()
    connected({ [BOB]: isNone, [CAROL]: isNone }, [sessionWith(BOB, bob.group.self), sessionWith(CAROL, bob.group.self)], [BOB, CAROL])
    for (let i = 0; i < 6; i++) {
      await turns()
      world.clock.advance(60_000)
    }
    expect(asked.length).toBeGreaterThan(8)
    expect(readEnded(ann.store, SPACE)).toBeNull()
  })

  it('takes no Welcome that does not open for one, and asks the next', async () => {
    connected({
      [BOB]: said({ kind: 'welcome', welcome: new Uint8Array(99), commits: [] }),
      [CAROL]: (request) => readmit(carol.group, request),
    })
    await isBack()
  })

  it('comes back when it is told to, not before', async () => {
    connected({ [BOB]: said({ kind: 'later', afterMs: 5_000 }) })
    await expect.poll(peersAsked).toEqual([BOB])
    await turns()
    world.clock.advance(4_999)
    await turns()
    expect(peersAsked()).toEqual([BOB])
    world.clock.advance(1)
    await expect.poll(peersAsked).toEqual([BOB, BOB])
  })

  it('asks nobody who has not proven to be a member, and asks when somebody has', async () => {
    const sessions = [sessionWith(BOB, UNPROVEN), sessionWith(CAROL, ann.group.self)]
    connected({ [BOB]: (request) => readmit(bob.group, request) }, sessions)
    await turns()
    world.clock.advance(600_000)
    await turns()
    expect(asked).toEqual([])
    sessions[0] = sessionWith(BOB, bob.group.self)
    returning.kick(SPACE)
    await isBack()
  })

  it('asks with the same key package after a restart, so that the Welcome it missed is given again', async () => {
    connected({ [BOB]: (request) => readmit(bob.group, request).then(() => Promise.reject(new AppError('unreachable', 'Lost.'))) })
    await expect.poll(peersAsked).toEqual([BOB])
    await turns()
    await returning.stop()
    ann.restart()
    connected({ [BOB]: (request) => readmit(bob.group, request) })
    await isBack()
    expect(asked[1]?.request).toEqual(asked[0]?.request)
    await ann.send('back')
    await meet(world, ann, bob)
    expect(bob.texts()).toEqual(['back'])
  })

  it('makes another offer in the end when the Welcome for the first is lost with whoever made it', async () => {
    connected({ [BOB]: (request) => readmit(bob.group, request).then(() => Promise.reject(new AppError('unreachable', 'Lost.'))) }, [
      sessionWith(BOB, bob.group.self),
    ])
    await expect.poll(peersAsked).toEqual([BOB])
    await turns()
    await returning.stop()
    await meet(world, bob, carol)
    connected({ [CAROL]: (request) => readmit(carol.group, request) }, [sessionWith(CAROL, carol.group.self)])
    for (let i = 0; i < 20 && ann.group.tip.row.returning; i++) {
      await turns()
      world.clock.advance(60_000)
    }
    await isBack()
    const offers = new Set(asked.map(({ request }) => Buffer.from(request.keyPackage).toString('hex')))
    expect(offers.size).toBe(2)
    await meet(world, carol, bob)
    await ann.send('back at last')
    await meet(world, ann, bob)
    expect(bob.texts()).toEqual(['back at last'])
  })

  it('asks once more for the leaf that it has now, and no more often however many it is told of', async () => {
    let count = 0
    connected({ [BOB]: () => Promise.resolve({ kind: 'leaf', leafKey: new Uint8Array(32).fill((count += 1)) }) }, [
      sessionWith(BOB, bob.group.self),
    ])
    await expect.poll(peersAsked).toEqual([BOB, BOB])
    await turns()
    expect(asked.map(({ request }) => request.leafKey[0])).toEqual([expect.any(Number), 1])
  })

  it('asks the next, too, where one puts it off again and again: it may be returning itself (R5)', async () => {
    connected({ [BOB]: said({ kind: 'later', afterMs: 1_000 }), [CAROL]: (request) => readmit(carol.group, request) })
    for (let i = 0; i < 6; i++) {
      await turns()
      expect(peersAsked()).toEqual(Array.from({ length: i + 1 }, () => BOB))
      world.clock.advance(1_000)
    }
    await isBack()
    expect(peersAsked().slice(-2)).toEqual([BOB, CAROL])
  })

  it('asks the next, too, where one takes what it is asked and never answers (R5)', async () => {
    connected({ [CAROL]: (request) => readmit(carol.group, request) })
    for (let i = 0; i < 6; i++) {
      await turns()
      expect(new Set(peersAsked())).toEqual(new Set([BOB]))
      world.clock.advance(60_000)
    }
    await isBack()
    expect(peersAsked().slice(-2)).toEqual([BOB, CAROL])
  })

  it.each<[string, () => Promise<ReturnAnswer>]>([
    ['never answers', () => Promise.reject(new AppError('timed-out', 'No answer.'))],
    ['puts it off again and again', said({ kind: 'later', afterMs: 1_000 })],
  ])('that went astray asks who is where it is, too, where the one who is elsewhere %s', async (_, answer) => {
    ann.store.transaction((tx) => tx.settings.set(`astray/${SPACE}`, new Uint8Array()))
    connected({ [BOB]: (request) => readmit(bob.group, request), [CAROL]: answer }, undefined, [CAROL])
    for (let i = 0; i < 7; i++) {
      await turns()
      expect(new Set(peersAsked())).toEqual(new Set([CAROL]))
      world.clock.advance(60_000)
    }
    await isBack()
  })

  it.each<[string, (request: ReturnRequest) => Promise<ReturnAnswer>]>([
    ['let in', (request) => readmit(bob.group, request)],
    ['told that it is none', said({ kind: 'refused', code: 'not-member' })],
  ])('and was out of the space by the time that it is %s changes nothing of it', async (_, answer) => {
    const before = [...ann.store.objects.since(SPACE, 0, null, 100)]
    connected({
      [BOB]: (request) => {
        groups.delete(SPACE)
        return answer(request)
      },
    })
    await expect.poll(peersAsked).toEqual([BOB])
    await turns()
    expect(ann.group.tip.row.returning).toBe(true)
    expect([told, peersAsked(), ann.store.objects.since(SPACE, 0, null, 100)]).toEqual([[], [BOB], before])
  })

  it.each([
    ['the only owner, and nobody else while that is elsewhere and says that it is no member', 'owner' as const, [BOB]],
    ['each, where another is owner, too', 'admin' as const, [CAROL, BOB]],
  ])('that went astray asks %s', async (_, own, expected) => {
    ann = await world.found('Anna')
    bob = await world.join(ann, 'Ben')
    carol = await world.join(ann, 'Cora')
    await changeRole(ann.group, bob.group.self, 'owner')
    if (own === 'owner') await changeRole(ann.group, ann.group.self, 'admin')
    world.putBack(ann, world.copy(ann))
    ann.store.transaction((tx) => tx.settings.set(`astray/${SPACE}`, new Uint8Array()))
    const no = said({ kind: 'refused', code: 'not-member' })
    connected({ [BOB]: no, [CAROL]: no }, [sessionWith(CAROL, carol.group.self), sessionWith(BOB, bob.group.self)], [BOB, CAROL])
    await expect.poll(peersAsked).toEqual(expected)
    await turns()
    expect(peersAsked()).toEqual(expected)
  })

  const RETURNS = said({ kind: 'returning' })
  const isAstrayNow = () => ann.store.transaction((tx) => tx.settings.set(`astray/${SPACE}`, new Uint8Array()))
  /** The round in which it stays, counted from 0; null for none in as many as are left to it. */
  async function staysIn(rounds: number): Promise<number | null> {
    for (let round = 0; round < rounds; round++) {
      await turns()
      if (stayed.length > 0) return round
      world.clock.advance(16_000)
    }
    return null
  }

  it('asks the next at once where one returns itself (R5)', async () => {
    connected({ [BOB]: RETURNS, [CAROL]: (request) => readmit(carol.group, request) })
    await isBack()
    expect(peersAsked()).toEqual([BOB, CAROL])
  })

  it.each([
    ['at once, where it comes before them all', 'owner' as const, 2],
    ['after one who comes before it had time to', 'admin' as const, 4],
  ])('that went astray stays where all who are asked return themselves, %s (R9)', async (_, role, round) => {
    if (role === 'admin') {
      ann = await world.found('Anna')
      bob = await world.join(ann, 'Ben')
      carol = await world.join(ann, 'Cora')
      await changeRole(ann.group, bob.group.self, 'owner')
      await changeRole(ann.group, ann.group.self, 'admin')
      world.putBack(ann, world.copy(ann))
    }
    isAstrayNow()
    const { row } = ann.group.tip
    connected({ [BOB]: RETURNS, [CAROL]: RETURNS }, undefined, [BOB, CAROL])
    expect(await staysIn(8)).toBe(round)
    expect(ann.group.tip.row).toEqual({ ...row, returning: false })
    expect([isAstray(ann.store, SPACE), stayed, told]).toEqual([false, [SPACE], []])
    await ann.send('here')
  })

  it('counts no time in which it met nobody: one who comes before it may have stayed meanwhile', async () => {
    isAstrayNow()
    const sessions = [sessionWith(BOB, bob.group.self)]
    connected({ [BOB]: RETURNS }, sessions, [BOB])
    expect(await staysIn(1)).toBeNull()
    const [session] = sessions.splice(0)
    expect(await staysIn(6)).toBeNull()
    if (session !== undefined) sessions.push(session)
    returning.kick(SPACE)
    expect(await staysIn(1)).toBeNull()
    expect(await staysIn(5)).toBe(1)
  })

  it.each<[string, number, () => Promise<ReturnAnswer>]>([
    ['never answers', 60_000, () => Promise.reject(new AppError('timed-out', 'No answer.'))],
    ['says so slowly', 50_000, () => Promise.resolve({ kind: 'returning' })],
  ])('stays also where one of them %s (R9)', { timeout: 60_000 }, async (_, ms, answer) => {
    isAstrayNow()
    const slowly = () => new Promise<void>((resolve) => void world.clock.after(ms, resolve)).then(answer)
    connected({ [BOB]: RETURNS, [CAROL]: slowly })
    for (let i = 0; i < 400 && stayed.length === 0; i++) {
      await turns()
      world.clock.advance(10_000)
    }
    expect(stayed).toHaveLength(1)
  })

  it('is not out by nobody where the removal falls while the last one is asked: it would hear nothing any more', async () => {
    ann = await world.found('Anna')
    bob = await world.join(ann, 'Ben')
    carol = await world.join(ann, 'Cora')
    await changeRole(ann.group, carol.group.self, 'admin')
    world.putBack(ann, world.copy(ann))
    isAstrayAndRemoved()
    const [objectId, child] = ['f0'.repeat(32) as ObjectId, 'ee'.repeat(16) as Eid]
    const removal = { objectId, groupId: SPACE, parent: ann.group.tip.row.tip, child, author: carol.group.self, authorLeaf: 2 }
    let rounds = 0
    const fallsAtLast = () => {
      rounds += 1
      if (rounds === 8) ann.store.transaction((tx) => tx.commits.put({ ...removal, removes: [bob.group.self] }))
      return Promise.resolve<ReturnAnswer>({ kind: 'returning' })
    }
    connected({ [BOB]: isNone, [CAROL]: fallsAtLast }, undefined, [BOB, CAROL])
    for (let i = 0; i < 12 && readEnded(ann.store, SPACE) === null; i++) {
      await turns()
      world.clock.advance(60_000)
    }
    const ended = readEnded(ann.store, SPACE)
    expect(rounds).toBeGreaterThanOrEqual(8)
    expect(ended === null || mayHearMore(ended, world.clock.now())).toBe(true)
  })

  it('that came back is not out by what was said before', async () => {
    isAstrayAndRemoved()
    let isIn = false
    connected({ [BOB]: (request) => (isIn ? readmit(bob.group, request) : isNone()), [CAROL]: isNone }, undefined, [BOB, CAROL])
    for (let i = 0; i < 3; i++) {
      await turns()
      if (i < 2) world.clock.advance(60_000)
    }
    isIn = true
    world.clock.advance(60_000)
    await isBack()
    isIn = false
    ann.group.markReturning()
    isAstrayNow()
    returning.kick(SPACE)
    await turns()
    await turns()
    expect(readEnded(ann.store, SPACE)).toBeNull()
  })

  it('does not stay while one of them may let it in', async () => {
    isAstrayNow()
    connected({ [BOB]: RETURNS, [CAROL]: said({ kind: 'later', afterMs: 1 }) }, undefined, [BOB, CAROL])
    expect(await staysIn(3)).toBeNull()
  })

  it.each<[string, () => void]>([
    ['put back from an older copy', () => undefined],
    [
      'removed by what it knows, and told that this fell',
      () => {
        isAstrayNow()
        ann.store.transaction((tx) => tx.settings.set(`removals-fallen/${SPACE}`, new Uint8Array()))
      },
    ],
    ['told that it takes another invitation', () => ann.store.transaction((tx) => tx.settings.set(`astray/${SPACE}`, Uint8Array.of(1)))],
  ])('that was %s never stays (R9)', async (_, make) => {
    make()
    connected({ [BOB]: RETURNS, [CAROL]: RETURNS }, undefined, [BOB, CAROL])
    expect(await staysIn(19)).toBeNull()
    expect([ann.group.tip.row.returning, sayings]).toEqual([true, 0])
    expect(await staysIn(20)).toBeNull()
    // It goes on to ask, and says once why nothing comes of it.
    expect([ann.group.tip.row.returning, sayings]).toEqual([true, 1])
  })

  it('stops asking when it is stopped', async () => {
    connected({})
    await expect.poll(peersAsked).toEqual([BOB])
    await turns()
    await returning.stop()
    world.clock.advance(600_000)
    returning.kick(SPACE)
    await turns()
    expect(peersAsked()).toEqual([BOB])
  })

  it('goes on asking where storing fails', async () => {
    ann.store.failNext()
    connected({ [BOB]: (request) => readmit(bob.group, request) })
    await turns()
    expect(ann.group.tip.row.returning).toBe(true)
    world.clock.advance(60_000)
    await isBack()
  })
})
