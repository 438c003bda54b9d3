import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Eid } from '../../../../shared/domain/ids.ts'
import { unwrap, wrap } from '../../../crypto/mls/state.ts'
import { fromHex, utf8 } from '../../../kernel/bytes.ts'
import { InvariantError } from '../../../kernel/errors.ts'
import type { WireObject } from '../../../ports/wire.ts'
import {
  bring,
  commitsOf,
  general,
  lastObject,
  linkOf,
  makeWorld,
  objectsOf,
  SPACE,
  writtenBy,
} from '../../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../../testing/fixtures/group-world.ts'
import { encodeContent } from '../../content/mimi-content.ts'
import { readParts } from '../epoch-parts.ts'
import { receiveObject, receiveObjects } from './receive-objects.ts'

let world: World
let ann: Device
let bob: Device
beforeEach(async () => {
  world = await makeWorld('receive objects')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob')
  ann.events.length = 0
})

const snapshot = ({ group, store }: Device) => ({
  tip: group.tip,
  row: store.groups.get(SPACE),
  epoch: readParts(store.mls, SPACE, group.tip.row.tip),
  senders: store.senders.list(SPACE),
  objects: store.objects.since(SPACE, 0, null, 1_000),
  texts: ann.texts(),
})
function countTransactions({ store }: Device): () => number {
  const { transaction } = store
  let count = 0
  store.transaction = (work) => {
    count += 1
    return transaction(work)
  }
  return () => count
}
const speak = async (device: Device, ...texts: string[]) => {
  for (const text of texts) await device.send(text)
}
const nth = (device: Device, n: number): WireObject => {
  const object = writtenBy(device)[n]
  if (object === undefined) throw new Error('it wrote that many')
  return object
}
const garbage = (): WireObject => ({ eid: ann.group.tip.row.tip, bytes: utf8('no object') })

describe('the objects of one push', () => {
  it('are stored in one transaction, and only then told of, in order', async () => {
    await speak(bob, 'one', 'two', 'three')
    const transactions = countTransactions(ann)
    expect(await receiveObjects(ann.group, writtenBy(bob))).toEqual(['stored', 'stored', 'stored'])
    expect(transactions()).toBe(1)
    expect(ann.texts()).toEqual(['one', 'two', 'three'])
    expect(ann.events).toEqual(['message', 'object', 'message', 'object', 'message', 'object'])
    expect(ann.store.senders.get(SPACE, bob.group.self)).toMatchObject({ seq: 3, ahead: [] })
  })

  it('are known to be under way until they are stored, or refused', async () => {
    await speak(bob, 'one')
    const { transaction } = ann.store
    let during = 0
    ann.store.transaction = (work) => {
      during = ann.group.arriving
      return transaction(work)
    }
    const both = [receiveObjects(ann.group, writtenBy(bob)), receiveObjects(ann.group, [garbage()])]
    expect(ann.group.arriving).toBe(2)
    await Promise.all(both)
    expect([during, ann.group.arriving]).toEqual([2, 0])
    ann.store.transaction = () => {
      throw new Error('the disk is full')
    }
    await speak(bob, 'two')
    await expect(receiveObjects(ann.group, writtenBy(bob))).rejects.toThrow('the disk is full')
    expect(ann.group.arriving).toBe(0)
  })

  it('come to the same as one by one, commits and late messages among them', async () => {
    const carol = await world.join(ann, 'Carol')
    await bring(ann, bob)
    await speak(bob, 'late, from the first epoch')
    const late = lastObject(bob)
    await speak(ann, 'one', 'two')
    await ann.addChannel('music')
    await speak(ann, 'three')
    await ann.addChannel('films')
    await speak(ann, 'four')
    const dave = await world.join(ann, 'Dave')
    const all = [...objectsOf(ann, carol.group.tip.row.joinedEpoch), late]
    for (const object of all) expect(await receiveObject(bob.group, object)).toBe('stored')
    expect(await receiveObjects(carol.group, all)).toEqual(all.map(() => 'stored'))
    const state = ({ group, store }: Device) => ({
      tip: group.tip.row.tip,
      epochs: store.mls
        .epochs(SPACE)
        .map((e) => e.eid)
        .slice(0, 4),
      ofAnn: store.senders.get(SPACE, ann.group.self),
      channels: store.directory.channels(SPACE),
      members: store.directory.members(SPACE),
      objects: store.objects
        .since(SPACE, carol.group.tip.row.joinedEpoch, null, 100)
        .map((o) => o.objectId)
        .sort(),
    })
    expect(state(carol)).toEqual(state(bob))
    expect(carol.texts()).toEqual(['late, from the first epoch', 'one', 'two', 'three', 'four'])
    carol.restart()
    await speak(dave, 'hello Carol')
    expect(await receiveObject(carol.group, lastObject(dave))).toBe('stored')
  })

  it('change nothing, neither on disk nor in memory, if they cannot be stored, and can come again', async () => {
    await ann.addChannel('music')
    await bring(ann, bob)
    const carol = await world.join(bob, 'Carol')
    await speak(carol, 'hello')
    await bring(carol, bob)
    const objects = objectsOf(bob, ann.group.tip.row.epoch)
    const before = snapshot(ann)
    ann.events.length = 0
    ann.store.failNext()
    await expect(receiveObjects(ann.group, objects)).rejects.toThrow('disk is full')
    expect(snapshot(ann)).toEqual(before)
    expect(ann.events).toEqual([])
    expect(await receiveObjects(ann.group, objects)).toEqual(objects.map(() => 'stored'))
    expect(ann.texts()).toEqual(['hello'])
    expect(ann.group.tip.row.tip).toBe(bob.group.tip.row.tip)
  })

  it('may hold one twice: it is stored once and acknowledged twice', async () => {
    await speak(bob, 'one', 'two')
    const [one, two] = [nth(bob, 0), nth(bob, 1)]
    expect(await receiveObjects(ann.group, [one, two, one])).toEqual(['stored', 'stored', 'stored'])
    expect(ann.texts()).toEqual(['one', 'two'])
    expect(ann.events.filter((e) => e === 'message')).toHaveLength(2)
  })

  it('that are here already cost no transaction', async () => {
    await speak(bob, 'one')
    await speak(ann, 'mine')
    await bring(bob, ann)
    const transactions = countTransactions(ann)
    ann.events.length = 0
    expect(await receiveObjects(ann.group, [...writtenBy(bob), ...writtenBy(ann)])).toEqual(['stored', 'stored'])
    expect(transactions()).toBe(0)
    expect(ann.events).toEqual([])
  })

  it('of which one is no object at all lose only that one', async () => {
    await speak(bob, 'one', 'two')
    const [one, two] = [nth(bob, 0), nth(bob, 1)]
    const spoilt = { eid: two.eid, bytes: two.bytes.slice(0, -1) }
    expect(await receiveObjects(ann.group, [one, garbage(), spoilt, two])).toEqual(['stored', 'rejected', 'rejected', 'stored'])
    expect(ann.texts()).toEqual(['one', 'two'])
  })

  it('of which one is a message without sense: its key is used up, the others are read', async () => {
    await speak(bob, 'one')
    const { message, state } = await world.engine.encrypt(bob.group.tip.state, utf8('no content'), new Uint8Array())
    const forged: WireObject = { eid: bob.group.tip.row.tip, bytes: message }
    expect(await receiveObjects(ann.group, [...writtenBy(bob), forged, forged])).toEqual(['stored', 'rejected', 'rejected'])
    ann.restart()
    expect(await receiveObject(ann.group, forged)).toBe('rejected')
    expect(world.engine.epoch(state)).toBe(ann.group.tip.row.epoch)
    expect(ann.texts()).toEqual(['one'])
  })

  it.each([3, 9])('of which one was signed by another than it says lose only that one, be they %i', async (count) => {
    const texts = Array.from({ length: count }, (_, n) => `number ${n}`)
    await speak(bob, ...texts)
    const { state } = bob.group.tip
    const eve = wrap({ ...unwrap(state), signaturePrivateKey: new Uint8Array(32).fill(66) })
    const content = encodeContent({
      ...{ salt: new Uint8Array(16).fill(7), inReplyTo: null, topicId: fromHex(general(bob)), text: 'in the name of Bob' },
      extensions: { seq: count + 1, prev: null, lamport: 1, sentAt: 1 },
    })
    const { message } = await world.engine.encrypt(eve, content, new Uint8Array())
    const forged: WireObject = { eid: bob.group.tip.row.tip, bytes: message }
    const honest = writtenBy(bob)
    const transactions = countTransactions(ann)
    const push = [...honest.slice(0, 2), forged, ...honest.slice(2)]
    expect(await receiveObjects(ann.group, push)).toEqual(push.map((object) => (object === forged ? 'rejected' : 'stored')))
    expect(ann.texts()).toEqual(texts)
    expect(transactions()).toBe(1)
    expect(await receiveObject(ann.group, forged)).toBe('rejected')
    ann.restart()
    await speak(bob, 'uses the key of the forgery')
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('stored')
  })

  it('of an epoch that is not here yet wait, unless what leads to it comes before them in the same push', async () => {
    await ann.addChannel('music')
    const commit = lastObject(ann)
    await speak(ann, 'in the new epoch')
    const message = lastObject(ann)
    const transactions = countTransactions(bob)
    expect(await receiveObjects(bob.group, [message])).toEqual(['unknown-epoch'])
    expect(await receiveObjects(bob.group, [message, commit, message])).toEqual(['unknown-epoch', 'stored', 'stored'])
    expect(transactions()).toBe(1)
    expect(bob.texts()).toEqual(['in the new epoch'])
    bob.restart()
    expect(bob.group.tip.row.tip).toBe(ann.group.tip.row.tip)
    await speak(bob, 'answer')
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('stored')
    await speak(ann, 'and back')
    expect(await receiveObject(bob.group, lastObject(ann))).toBe('stored')
  })

  it('of which one would leave too large a gap: that one is put off, and its key is still good', async () => {
    await speak(bob, 'one', 'two', 'three')
    const [one, two, three] = [nth(bob, 0), nth(bob, 1), nth(bob, 2)]
    const ahead = Array.from({ length: 500 }, (_, i) => [10 + 2 * i, 10 + 2 * i]).flat()
    ann.store.transaction((tx) => {
      tx.senders.put({ groupId: SPACE, memberId: bob.group.self, seq: 0, ahead, lastObject: null })
      tx.witnesses.note(SPACE, ann.group.tip.row.tip, bob.group.self)
    })
    expect(await receiveObjects(ann.group, [three, one, two])).toEqual(['later', 'stored', 'stored'])
    expect(await receiveObjects(ann.group, [three])).toEqual(['stored'])
    expect(ann.texts()).toEqual(['one', 'two', 'three'])
  })

  it('out of order fill the gap inside the push', async () => {
    await speak(bob, 'one', 'two', 'three')
    const [one, two, three] = [nth(bob, 0), nth(bob, 1), nth(bob, 2)]
    expect(await receiveObjects(ann.group, [three, one, two])).toEqual(['stored', 'stored', 'stored'])
    expect(ann.store.senders.get(SPACE, bob.group.self)).toMatchObject({ seq: 3, ahead: [] })
  })

  it('among which two commits lead out of one epoch: the first is followed, the other kept with it', async () => {
    const carol = await world.join(ann, 'Carol')
    await bring(ann, bob)
    const parting = ann.group.tip.row.tip
    await ann.addChannel('from Ann')
    await linkOf(bob, 'guest')
    const of = (device: Device) => commitsOf(device).filter((o) => o.eid === parting)
    await speak(ann, 'on this side')
    const transactions = countTransactions(carol)
    carol.events.length = 0
    expect(await receiveObjects(carol.group, [...of(ann), ...of(bob), lastObject(ann)])).toEqual(['stored', 'stored', 'stored'])
    expect(transactions()).toBe(1)
    expect(carol.events).toEqual(['epoch', 'delivery', 'object', 'object', 'contested', 'message', 'object', 'contested'])
    carol.restart()
    expect(carol.group.tip.row).toMatchObject({ tip: ann.group.tip.row.tip })
    expect(carol.store.commits.outOf(SPACE, parting)).toHaveLength(2)
  })

  it('wait for whatever moves the group now, and let it go on', async () => {
    await speak(bob, 'one', 'two')
    const [acks] = await Promise.all([
      receiveObjects(ann.group, writtenBy(bob)),
      ann.send('mine'),
      receiveObjects(ann.group, writtenBy(bob)),
    ])
    expect(acks).toEqual(['stored', 'stored'])
    expect(ann.texts()).toEqual(['one', 'two', 'mine'])
    ann.restart()
    await speak(ann, 'again')
    expect(await receiveObjects(bob.group, writtenBy(ann))).toEqual(['stored', 'stored'])
  })

  it('each give way to whatever else there is to do', async () => {
    await speak(bob, '1', '2', '3', '4', '5')
    let turns = 0
    let over = false
    const count = (): void => {
      turns += 1
      if (!over) setImmediate(count)
    }
    setImmediate(count)
    await receiveObjects(ann.group, writtenBy(bob))
    over = true
    expect(turns).toBeGreaterThanOrEqual(4)
  })

  it('are taken though a fault of ours keeps one of them back, which may come again', async () => {
    await speak(bob, 'one', 'two', 'three')
    const objects = writtenBy(bob)
    const { receive } = world.engine
    const fault = vi.spyOn(world.engine, 'receive')
    fault.mockImplementation((...args) => {
      if (args[1] === objects[1]?.bytes) throw new InvariantError('planned')
      return receive(...args)
    })
    expect(await receiveObjects(ann.group, objects)).toEqual(['stored', 'later', 'stored'])
    expect(ann.texts()).toEqual(['one', 'three'])
    fault.mockRestore()
    expect(await receiveObjects(ann.group, objects)).toEqual(['stored', 'stored', 'stored'])
    expect(ann.texts().sort()).toEqual(['one', 'three', 'two'])
  })

  it('are none: nothing happens', async () => {
    const transactions = countTransactions(ann)
    expect(await receiveObjects(ann.group, [])).toEqual([])
    expect(await receiveObjects(ann.group, [{ eid: 'ee'.repeat(16) as Eid, bytes: new Uint8Array() }])).toEqual(['rejected'])
    expect(transactions()).toBe(0)
  })
})
