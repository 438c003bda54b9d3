import { beforeEach, describe, expect, it } from 'vitest'
import type { ChannelId, MessageId } from '../../../shared/domain/ids.ts'
import { fromHex } from '../../kernel/bytes.ts'
import { messageView } from '../../node/views/views.ts'
import { bring, general, makeWorld, objectsOf, SPACE, writtenBy } from '../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../testing/fixtures/group-world.ts'
import { receiveObject } from '../group/receive/receive-objects.ts'
import { toCbor } from '../../kernel/cbor.ts'
import { heardRead } from './read-claims.ts'
import { readMarks } from './read-marks.ts'
import { whatWasRead } from './what-was-read.ts'

const OFF = toCbor({ theme: 'system', readReceipts: false })

let world: World
let ann: Device
let bob: Device
beforeEach(async () => {
  world = await makeWorld('reading')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob')
})

const stateOf = (device: Device, id: MessageId) => {
  const row = device.store.messages.get(id)
  if (row === null) throw new Error('the message is stored')
  return messageView(device.store, row).delivery
}
/** The person at `device` looks at the end of the channel. */
const read = async (device: Device, upTo = Number.MAX_SAFE_INTEGER): Promise<void> => {
  const before = device.store.messages.readSeq(general(device))
  device.store.transaction((tx) => tx.messages.markRead(general(device), upTo))
  await device.group.tellRead(general(device), before)
}
const told = (device: Device, after = 0) => whatWasRead(device.store, device.group, general(device), after)

describe('what was read', () => {
  it('is known to its author once it was told, and makes it delivered on the way', async () => {
    const id = await ann.send('hello')
    await bring(ann, bob)
    expect(stateOf(ann, id)).toMatchObject({ state: 'stored', read: 0 })
    await read(bob)
    ann.events.length = 0
    await bring(bob, ann)
    expect(stateOf(ann, id)).toMatchObject({ state: 'read', delivered: 1, read: 1, recipients: 1 })
    expect(ann.events).toEqual(['delivery', 'object'])
  })

  it('is read by all only when all who are in the group have read it', async () => {
    const carol = await world.join(ann, 'Carol')
    await bring(ann, bob)
    const id = await ann.send('hello')
    for (const one of [bob, carol]) await bring(ann, one)
    await read(bob)
    await bring(bob, ann)
    expect(stateOf(ann, id)).toMatchObject({ state: 'held', delivered: 1 })
    await bring(bob, carol)
    await read(carol)
    await bring(carol, ann)
    expect(stateOf(ann, id)).toMatchObject({ state: 'read', read: 2 })
  })

  it('of somebody who reads on is what lies before, and not what came since', async () => {
    const [one, two] = [await ann.send('one'), await ann.send('two')]
    await bring(ann, bob)
    await read(bob, 1)
    await bring(bob, ann)
    expect([stateOf(ann, one).state, stateOf(ann, two).state]).toEqual(['read', 'delivered'])
    await read(bob)
    await bring(bob, ann)
    expect(stateOf(ann, two).state).toBe('read')
  })

  it('never covers what came late and lies before it', async () => {
    const [late, next] = [await ann.send('late'), await ann.send('next')]
    const [first, second] = writtenBy(ann)
    if (first === undefined || second === undefined) throw new Error('Ann wrote two')
    await receiveObject(bob.group, second)
    await read(bob)
    await bring(bob, ann)
    await receiveObject(bob.group, first)
    ann.store.transaction((tx) => tx.deliveries.ackThrough(SPACE, ann.group.self, bob.group.self, 2, 5))
    expect([stateOf(ann, late).state, stateOf(ann, next).state]).toEqual(['delivered', 'read'])
    expect(told(bob)).toEqual([])
    await read(bob)
    await bring(bob, ann)
    expect(stateOf(ann, late).state).toBe('read')
  })

  it('is told once, and nothing where nothing new was read', async () => {
    await ann.send('hello')
    await bring(ann, bob)
    await read(bob)
    const objects = objectsOf(bob).length
    await read(bob)
    await bob.send('mine')
    await read(bob)
    expect(objectsOf(bob)).toHaveLength(objects + 1)
  })

  it('arriving twice, or in the wrong order, is the same, and it outlives a restart', async () => {
    const ids = [await ann.send('one'), await ann.send('two')]
    await bring(ann, bob)
    await read(bob, 1)
    await read(bob)
    const [first, second] = writtenBy(bob)
    if (first === undefined || second === undefined) throw new Error('Bob told twice')
    for (const object of [second, first, second]) await receiveObject(ann.group, object)
    ann.restart()
    expect(ids.map((id) => stateOf(ann, id).state)).toEqual(['read', 'read'])
    expect(readMarks(ann.store, general(ann))).toHaveLength(1)
  })

  it('is not stored in parts: if the transaction is lost, so is all of it', async () => {
    const id = await ann.send('hello')
    await bring(ann, bob)
    await read(bob)
    ann.store.failNext()
    await expect(bring(bob, ann)).rejects.toThrow('the disk is full')
    expect([stateOf(ann, id).state, readMarks(ann.store, general(ann))]).toEqual(['stored', []])
    await bring(bob, ann)
    expect(stateOf(ann, id).state).toBe('read')
  })

  it('is neither told nor shown where somebody does not want that', async () => {
    const id = await ann.send('hello')
    await bring(ann, bob)
    await read(bob)
    await bring(bob, ann)
    ann.store.transaction((tx) => tx.settings.set('preferences', OFF))
    expect(stateOf(ann, id)).toMatchObject({ state: 'delivered', read: 0 })
  })
})

describe('a member who lies about what it read', () => {
  const claim = (device: Device, channelId: ChannelId, id: string, [from, to]: [number, number] = [1, 1]) =>
    device.store.transaction((tx) =>
      heardRead(tx, device.deps, device.group.tip.row, {
        channelId,
        reader: bob.group.self,
        notes: [{ message: fromHex(id), from, to }],
      }),
    )

  it('names a message that is not here, or of another channel, or of another: nothing comes of it', async () => {
    const music = await ann.addChannel('music')
    const id = await ann.send('hello')
    await bring(ann, bob)
    const his = await bob.send('his')
    await bring(bob, ann)
    expect([claim(ann, general(ann), 'ee'.repeat(16)), claim(ann, music, id), claim(ann, general(ann), his)]).toEqual([[], [], []])
    expect([...readMarks(ann.store, general(ann)), ...readMarks(ann.store, music)]).toEqual([])
  })

  it('makes no more than a few marks, however many runs it tells of', async () => {
    const id = await ann.send('hello')
    for (let n = 1; n < 100; n++) claim(ann, general(ann), id, [n * 2, n * 2])
    expect(readMarks(ann.store, general(ann)).length).toBeLessThanOrEqual(8)
  })
})
