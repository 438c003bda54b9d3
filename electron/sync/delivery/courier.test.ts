import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Eid, MessageId, ObjectId, PeerId } from '../../../shared/domain/ids.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Network } from '../../ports/network.ts'
import type { ObjectRow } from '../../ports/store.ts'
import type { Frontier, HandOver, ObjectAck, ObjectPush, WireObject } from '../../ports/wire.ts'
import { bring, lastObject, linkOf, makeWorld, objectsOf, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../testing/fixtures/group-world.ts'
import { epochsHere } from '../anti-entropy/known-epochs.ts'
import { frontierOf } from '../anti-entropy/frontier.ts'
import { reconsider } from '../fork-resolution/reconsider.ts'
import { receiveObject } from '../group/receive/receive-objects.ts'
import { Courier } from './courier.ts'
import { deliveryOf } from './delivery-state.ts'
import { takeHanded } from './take-handed.ts'
import { Turns } from './turns.ts'

const PEER = 'peer of Bob' as PeerId

let world: World
let ann: Device
let bob: Device
beforeEach(async () => {
  world = await makeWorld('courier')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob')
  ann.events.length = 0
})

const frontier = ({ group, store }: Device): Frontier =>
  frontierOf(group.tip.row, store.senders.list(SPACE), epochsHere(store, SPACE, group.tip.row.tip))
const deliver = async (to: Device, objects: readonly WireObject[]): Promise<ObjectAck[]> => {
  const acks: ObjectAck[] = []
  for (const object of objects) acks.push(await receiveObject(to.group, object))
  return acks
}

/** The other end of the line: the real Bob, unless a test has it otherwise. */
interface Answers {
  push?: (push: ObjectPush, signal: AbortSignal) => Promise<ObjectAck[]>
  frontier?: () => Promise<Frontier>
  handOver?: (given: HandOver) => Promise<ObjectAck[]>
}
function line(how: Answers = {}) {
  const pushed: ObjectPush[] = []
  const inReturn: boolean[] = []
  const network = {
    push: async (peer: PeerId, push: ObjectPush, signal: AbortSignal) => {
      expect(peer).toBe(PEER)
      pushed.push(push)
      return how.push ? how.push(push, signal) : deliver(bob, push.objects)
    },
    frontier: async (_: PeerId, ours: Frontier) => {
      inReturn.push(ours.inReturn === true)
      return how.frontier ? how.frontier() : frontier(bob)
    },
    handOver: async (_: PeerId, given: HandOver) => how.handOver?.(given) ?? given.contents.map(() => 'later'),
  }
  const turns = new Turns(ann.deps.clock)
  const courier = new Courier(ann.group, network as unknown as Network, { peerId: PEER, memberId: bob.group.self }, turns)
  return { courier, turns, pushed, inReturn, asked: () => inReturn.length, objects: () => pushed.flatMap((p) => p.objects) }
}

const stateOf = (id: MessageId, device = ann) => {
  const row = device.store.messages.get(id)
  return row && deliveryOf(device.store.deliveries.of(row.objectId), row.failure).state
}
const settled = async (courier: Courier) => {
  await courier.idle()
  await courier.idle()
}

describe('comparing', () => {
  it('brings what is missing, in order, and nothing twice', async () => {
    const before = await ann.send('one')
    await ann.addChannel('music')
    await ann.send('two')
    const { courier, objects } = line()
    courier.compare()
    await courier.idle()
    expect(bob.texts()).toEqual(['one', 'two'])
    expect(objects()).toHaveLength(3)
    expect(stateOf(before)).toBe('delivered')
    expect(ann.events).toContain('delivery')
    courier.compare()
    await courier.idle()
    expect(objects()).toHaveLength(3)
  })

  it('does not ask when the other side has just told', async () => {
    await ann.send('one')
    const { courier, asked } = line()
    courier.compare(frontier(bob))
    await courier.idle()
    expect(asked()).toBe(0)
    expect(bob.texts()).toEqual(['one'])
  })

  it('asks what has come there meanwhile when its turn came late, and says that it was asked: else the two would ask each other for ever', async () => {
    await ann.send('one')
    const { courier, turns, inReturn, pushed } = line()
    const taken = await Promise.all([1, 2].map(() => turns.take(SPACE, new AbortController().signal)))
    courier.compare(frontier(bob))
    await bring(ann, bob)
    for (const turn of taken) turn.end()
    await courier.idle()
    expect([inReturn, pushed]).toEqual([[true], []])
    courier.compare()
    await courier.idle()
    expect(inReturn).toEqual([true, false])
  })

  it('goes through nothing again that was found to be there or was brought, until the other side can read more than before', async () => {
    await ann.send('old')
    await world.join(ann, 'Carol')
    await bring(ann, bob)
    await ann.send('new')
    let joinedEpoch = ann.group.tip.row.epoch
    const lost = (): Frontier => ({ ...frontier(bob), joinedEpoch, senders: [] })
    const { courier, objects } = line({ frontier: async () => lost() })
    const compared = async (): Promise<number> => {
      const before = objects().length
      courier.compare()
      await courier.idle()
      return objects().length - before
    }
    expect(await compared()).toBe(1)
    expect(await compared()).toBe(0)
    await ann.send('newest')
    expect(await compared()).toBe(1)
    joinedEpoch = 0
    expect(await compared()).toBe(3)
    expect(await compared()).toBe(0)
  })

  it('brings a commit that is no part of our own tree, though nothing else is missing', async () => {
    const bytes = new Uint8Array([1, 2, 3])
    const carried: ObjectRow = {
      ...{ objectId: 'c0'.repeat(32) as ObjectId, groupId: SPACE, kind: 'commit', eid: 'ee'.repeat(16) as Eid, bytes },
      ...{ epoch: ann.group.tip.row.epoch, sender: ann.group.self, senderSeq: null, storedAt: 0 },
    }
    ann.store.transaction((tx) => tx.objects.put(carried))
    const { courier, objects } = line({ push: async (push) => push.objects.map(() => 'stored') })
    courier.compare()
    await courier.idle()
    expect(objects()).toEqual([{ eid: carried.eid, bytes }])
    courier.compare()
    await courier.idle()
    expect(objects()).toHaveLength(1)
  })

  it('goes through it again while any of it was refused', async () => {
    await ann.send('one')
    const { courier, objects } = line({ push: async (push) => push.objects.map(() => 'rejected') })
    for (const times of [1, 2]) {
      courier.compare()
      await courier.idle()
      expect(objects()).toHaveLength(times)
    }
  })

  it('is due again only when something came from others since', async () => {
    const { courier } = line()
    expect(courier.isBehind).toBe(true)
    courier.compare()
    await courier.idle()
    expect(courier.isBehind).toBe(false)
    courier.came()
    expect(courier.isBehind).toBe(true)
  })

  it('is done again at once when what leads to where the other side is has come', async () => {
    const admin = await world.join(ann, 'Adam', 'admin')
    await bring(ann, bob)
    await bob.send('only that something came')
    await admin.addChannel('music')
    const { courier, asked } = line({ frontier: async () => frontier(admin) })
    courier.compare()
    await courier.idle()
    expect([asked(), world.clock.pending]).toEqual([1, [2_000]])
    await bring(bob, ann)
    courier.came()
    await courier.idle()
    expect(asked()).toBe(1)
    await bring(admin, ann)
    courier.came()
    await courier.idle()
    expect([asked(), world.clock.pending]).toEqual([2, []])
  })

  it('brings what others wrote too, but never what the other side wrote itself', async () => {
    const carol = await world.join(ann, 'Carol')
    await bring(ann, bob)
    await carol.send('from Carol')
    await bob.send('from Bob')
    await bring(carol, ann)
    await bring(bob, ann)
    const { courier, objects } = line()
    courier.compare()
    await courier.idle()
    expect(bob.texts().toSorted()).toEqual(['from Bob', 'from Carol'])
    expect(objects()).toHaveLength(1)
  })

  it('learns from the frontier what arrived by other ways', async () => {
    const id = await ann.send('one')
    await bring(ann, bob)
    expect(stateOf(id)).toBe('stored')
    const { courier, pushed } = line()
    courier.compare()
    await courier.idle()
    expect(stateOf(id)).toBe('delivered')
    expect(pushed).toEqual([])
  })

  it('takes no word for more than the messages that are theirs to acknowledge', async () => {
    const carol = await world.join(ann, 'Carol')
    await bring(ann, bob)
    const id = await ann.send('for two')
    const { courier } = line({ frontier: async () => ({ ...frontier(bob), senders: [{ memberId: ann.group.self, seq: 999 }] }) })
    courier.compare()
    await courier.idle()
    expect(stateOf(id)).toBe('held')
    expect(ann.store.deliveries.owedTo(SPACE, carol.group.self, 9)).toHaveLength(1)
  })

  it('brings a commit of another branch, whatever its number', async () => {
    await ann.addChannel('mine')
    for (let i = 0; i < 2; i++) await linkOf(bob, 'guest')
    const { courier } = line()
    courier.compare()
    await courier.idle()
    expect(bob.store.objects.has(SPACE, lastObject(ann).objectId)).toBe(true)
    const { pushed } = line()
    courier.compare()
    await courier.idle()
    expect(pushed).toEqual([])
  })

  it('sends large gaps in parts that may travel', async () => {
    for (let i = 0; i < 70; i++) await ann.send(`${i} ${'x'.repeat(1_500)}`)
    const { courier, pushed } = line()
    courier.compare()
    await courier.idle()
    expect(bob.texts()).toHaveLength(70)
    expect(pushed.length).toBeGreaterThan(2)
    for (const { objects } of pushed) expect(objects.reduce((sum, o) => sum + o.bytes.length, 0)).toBeLessThanOrEqual(48 * 1024)
  })
})

describe('what appears meanwhile', () => {
  it('goes out at once, without comparing again', async () => {
    const { courier, asked, objects } = line()
    courier.compare()
    await courier.idle()
    const id = await ann.send('live')
    courier.offer(lastObject(ann).objectId)
    await courier.idle()
    expect([asked(), objects().length]).toEqual([1, 1])
    expect(stateOf(id)).toBe('delivered')
  })

  it('during a push is not lost', async () => {
    await ann.send('first')
    let during: (() => Promise<void>) | null = async () => {
      await ann.send('during')
      courier.offer(lastObject(ann).objectId)
    }
    const { courier } = line({
      push: async (push) => {
        const act = during
        during = null
        await act?.()
        return deliver(bob, push.objects)
      },
    })
    courier.compare()
    await settled(courier)
    expect(bob.texts()).toEqual(['first', 'during'])
  })

  it('before frontiers were compared is not lost', async () => {
    const gate = Promise.withResolvers<null>()
    const { courier } = line({
      frontier: async () => {
        const theirs = frontier(bob)
        await gate.promise
        return theirs
      },
    })
    courier.compare()
    await ann.send('meanwhile')
    courier.offer(lastObject(ann).objectId)
    gate.resolve(null)
    await settled(courier)
    expect(bob.texts()).toEqual(['meanwhile'])
  })

  it('while a push is under way goes out together with the next', async () => {
    const gate = Promise.withResolvers<null>()
    const { courier, pushed } = line({
      push: async (push) => {
        await gate.promise
        return deliver(bob, push.objects)
      },
    })
    courier.compare()
    await courier.idle()
    for (let i = 0; i < 10; i++) {
      await ann.send(`${i}`)
      courier.offer(lastObject(ann).objectId)
    }
    gate.resolve(null)
    await settled(courier)
    expect(bob.texts()).toHaveLength(10)
    expect(pushed.map((p) => p.objects.length)).toEqual([1, 9])
  })

  it('goes out together with what else is written in the turn in which the one before was acknowledged', async () => {
    const written: ObjectId[] = []
    const { courier, pushed } = line({
      push: async (push) => {
        const acks = await deliver(bob, push.objects)
        // Somebody is writing: the first is here before the answer, the second just after it.
        await ann.group.turn()
        for (const id of written.splice(0, 1)) courier.offer(id)
        process.nextTick(() => written.splice(0).forEach((id) => courier.offer(id)))
        return acks
      },
    })
    courier.compare()
    await courier.idle()
    for (const text of ['first', 'second', 'third']) {
      await ann.send(text)
      written.push(lastObject(ann).objectId)
    }
    for (const id of written.splice(0, 1)) courier.offer(id)
    await settled(courier)
    expect(bob.texts()).toEqual(['first', 'second', 'third'])
    expect(pushed.map((p) => p.objects.length)).toEqual([1, 2])
  })

  it('that is no longer there is passed over', async () => {
    const { courier, pushed } = line()
    courier.compare()
    await courier.idle()
    courier.offer('f'.repeat(64) as never)
    await courier.idle()
    expect(pushed).toEqual([])
  })
})

describe('acknowledgements', () => {
  const after = async (acks: ObjectAck[]) => {
    const ids = [await ann.send('one'), await ann.send('two')]
    const { courier } = line({ push: async (push) => push.objects.map((_, i) => acks[i] ?? 'rejected') })
    courier.compare(frontier(bob))
    await courier.idle()
    return ids.map((id) => stateOf(id))
  }

  it('say of each message by itself what became of it', async () => {
    expect(await after(['stored', 'later'])).toEqual(['delivered', 'stored'])
  })

  it('of refusal never count as delivered', async () => {
    expect(await after(['rejected', 'rejected'])).toEqual(['stored', 'stored'])
    expect(world.clock.pending).toEqual([])
  })

  it('that are fewer than what was sent count for what they name, and the rest is tried again', async () => {
    await ann.send('one')
    await ann.send('two')
    const { courier } = line({ push: async () => ['stored'] })
    courier.compare(frontier(bob))
    await courier.idle()
    expect(world.clock.pending).toHaveLength(1)
  })

  it('make somebody only an owner of their own copy, not of what others are owed', async () => {
    await world.join(ann, 'Carol')
    const id = await ann.send('for two')
    const { courier } = line()
    courier.compare()
    await courier.idle()
    expect(stateOf(id)).toBe('held')
  })
})

describe('what the other side cannot take yet', () => {
  it('is tried again after comparing, a little later each time, until it can', async () => {
    await ann.send('one')
    let ready = false
    const { courier, asked } = line({ push: async (p) => (ready ? deliver(bob, p.objects) : p.objects.map(() => 'unknown-epoch')) })
    courier.compare()
    await courier.idle()
    const delays: (number | undefined)[] = []
    for (let i = 0; i < 10; i++) {
      delays.push(world.clock.pending[0])
      world.clock.advance(world.clock.pending[0] ?? 0)
      await settled(courier)
    }
    expect(delays).toEqual([300, 600, 1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 60_000, 60_000])
    expect(asked()).toBe(11)
    ready = true
    world.clock.advance(60_000)
    await settled(courier)
    expect(bob.texts()).toEqual(['one'])
    expect(world.clock.pending).toEqual([])
  })

  it('is soon tried again after all went well for once', async () => {
    let fail = true
    const { courier } = line({ frontier: async () => (fail ? Promise.reject(new AppError('unreachable', 'no')) : frontier(bob)) })
    courier.compare()
    await courier.idle()
    world.clock.advance(300)
    await courier.idle()
    expect(world.clock.pending).toEqual([600])
    fail = false
    world.clock.advance(600)
    await courier.idle()
    fail = true
    courier.compare()
    await courier.idle()
    expect(world.clock.pending).toEqual([300])
  })

  it('of one sender does not hold up what everybody else wrote', async () => {
    const mallory = await world.join(ann, 'Mallory')
    await bring(ann, bob)
    await mallory.send('one too many')
    await mallory.send('and another')
    await bring(mallory, ann)
    const id = await ann.send('honest')
    const hostile = new Set(objectsOf(mallory).map((o) => o.objectId))
    const { courier, pushed } = line({
      push: async ({ objects }) => {
        const ids = objects.map((o) => objectsOf(ann).find((a) => a.bytes.every((b, i) => b === o.bytes[i]))?.objectId)
        return Promise.all(objects.map(async (o, i) => (ids[i] && hostile.has(ids[i]) ? 'later' : receiveObject(bob.group, o))))
      },
    })
    courier.compare()
    await courier.idle()
    expect(bob.texts()).toEqual(['honest'])
    expect(stateOf(id)).toBe('held')
    expect(pushed).toHaveLength(1)
    expect(world.clock.pending).toEqual([300])
  })

  it('of one epoch does not hold up what is of others', async () => {
    for (let i = 0; i < 65; i++) await ann.send(`old ${i} ${'x'.repeat(1_000)}`)
    const old = ann.group.tip.row.tip
    await ann.addChannel('music')
    const id = await ann.send('new')
    const { courier, objects } = line({
      push: async (push) => push.objects.map((o) => (o.eid === old && o.bytes.length > 1_000 ? 'unknown-epoch' : 'stored')),
    })
    courier.compare()
    await courier.idle()
    expect(stateOf(id)).toBe('delivered')
    expect(objects().length).toBeLessThan(67)
  })

  it('with the line down is tried again by itself, and what failed is logged by name only', async () => {
    await ann.send('one')
    let down = true
    const { courier } = line({ push: async (p) => (down ? Promise.reject(new Error('secret')) : deliver(bob, p.objects)) })
    courier.compare()
    await courier.idle()
    expect(bob.texts()).toEqual([])
    down = false
    world.clock.advance(300)
    await settled(courier)
    expect(bob.texts()).toEqual(['one'])
  })
})

describe('what follows from a commit that the other side will not have', () => {
  it('is written once more where both are: it may have taken another in its place, of an author who used a key twice', async () => {
    const carol = await world.join(ann, 'Carol', 'admin')
    await bring(ann, bob)
    await ann.addChannel('by Ann')
    const lost = lastObject(ann)
    const id = await ann.send('written there')
    await carol.addChannel('by Carol')
    await bring(carol, bob)
    await bob.send('with Carol')
    for (const one of [carol, bob]) await bring(one, ann)
    await reconsider(ann.group)
    expect(ann.group.tip.row.tip).toBe(bob.group.tip.row.tip)

    const push = ({ objects }: ObjectPush) =>
      Promise.all(objects.map(async (one) => (isSame(one, lost) ? 'rejected' : receiveObject(bob.group, one))))
    const { courier } = line({ push })
    courier.compare()
    await courier.idle()
    expect([bob.texts(), stateOf(id)]).toEqual([['with Carol'], 'stored'])
    world.clock.advance(world.clock.pending[0] ?? 0)
    await settled(courier)
    expect(bob.texts()).toEqual(['with Carol', 'written there'])
  })

  describe('or of an epoch that they say they do not know, where both are in one', () => {
    /** Bob is where Ann is, and knows nothing of the epoch before. */
    const without = async (old: Eid) => {
      const commits = ann.store.objects.commitsSince(SPACE, 0).flatMap(({ objectId }) => ann.store.objects.get(objectId) ?? [])
      await deliver(bob, commits)
      const theirs = (): Frontier => ({ ...frontier(bob), known: frontier(bob).known.filter((each) => each !== old) })
      return { push: async ({ objects }: ObjectPush) => answers(old, objects), frontier: async () => theirs() }
    }
    const answers = (old: Eid, objects: readonly WireObject[]): Promise<ObjectAck[]> =>
      Promise.all(objects.map(async (one) => (one.eid === old ? 'unknown-epoch' : receiveObject(bob.group, one))))
    const twice = async (courier: Courier) => {
      courier.compare()
      await courier.idle()
      world.clock.advance(world.clock.pending[0] ?? 0)
      await settled(courier)
    }

    it('is written once more there', async () => {
      const old = ann.group.tip.row.tip
      const id = await ann.send('before')
      await ann.addChannel('music')
      const { courier, pushed } = line(await without(old))
      await twice(courier)
      expect([bob.texts(), stateOf(id), world.clock.pending]).toEqual([['before'], 'delivered', []])
      const before = pushed.length
      courier.compare()
      await courier.idle()
      expect(pushed).toHaveLength(before)
    })

    it('is given to them alone where somebody came in since', async () => {
      const old = ann.group.tip.row.tip
      const id = await ann.send('before')
      const carol = await world.join(ann, 'Carol')
      const { courier, objects } = line({
        ...(await without(old)),
        handOver: ({ contents }) => takeHanded(bob.group, ann.group.self, contents),
      })
      await twice(courier)
      expect([bob.texts(), stateOf(id)]).toEqual([['before'], 'delivered'])
      await deliver(carol, objects())
      expect(carol.texts()).toEqual([])
    })
  })

  const isSame = (one: WireObject, other: WireObject) => Buffer.compare(one.bytes, other.bytes) === 0
})

describe('stopping', () => {
  it('aborts what is under way and begins nothing more', async () => {
    await ann.send('one')
    const signals: AbortSignal[] = []
    const { courier, pushed, asked } = line({
      push: (_, given) =>
        new Promise((_resolve, reject) => {
          signals.push(given)
          given.addEventListener('abort', () => reject(new AppError('cancelled', 'stopped')), { once: true })
        }),
    })
    courier.compare()
    while (signals.length === 0) await nextTurn()
    courier.stop()
    await courier.idle()
    await ann.send('two')
    courier.offer(lastObject(ann).objectId)
    courier.compare()
    world.clock.advance(120_000)
    await courier.idle()
    expect([pushed.length, asked(), world.clock.pending]).toEqual([1, 1, []])
  })

  it('cancels the next attempt', async () => {
    const { courier, asked } = line({ frontier: () => Promise.reject(new AppError('unreachable', 'no')) })
    courier.compare()
    await courier.idle()
    courier.stop()
    world.clock.advance(120_000)
    await courier.idle()
    expect(asked()).toBe(1)
  })

  it('leaves no timer behind when the answer comes after it', async () => {
    await ann.send('one')
    const gate = Promise.withResolvers<ObjectAck[]>()
    const { courier, pushed } = line({ push: () => gate.promise })
    courier.compare()
    while (pushed.length === 0) await nextTurn()
    courier.stop()
    gate.resolve(['later'])
    await courier.idle()
    expect(world.clock.pending).toEqual([])
  })
})
