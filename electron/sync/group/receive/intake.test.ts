import { beforeEach, describe, expect, it } from 'vitest'
import type { WireObject } from '../../../ports/wire.ts'
import { bring, makeWorld, writtenBy } from '../../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../../testing/fixtures/group-world.ts'
import { Intake } from './intake.ts'

let world: World
let ann: Device
let bob: Device
let carol: Device
let intake: Intake
let transactions: number
beforeEach(async () => {
  world = await makeWorld('intake')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob')
  carol = await world.join(ann, 'Carol')
  await bring(ann, bob)
  transactions = 0
  const { transaction } = ann.store
  ann.store.transaction = (work) => {
    transactions += 1
    return transaction(work)
  }
  intake = new Intake(ann.group)
})

async function pushOf(device: Device, count: number): Promise<WireObject[]> {
  const before = writtenBy(device).length
  for (let i = 0; i < count; i++) await device.send(`${device.name} ${before + i}`)
  return writtenBy(device).slice(before)
}

describe('pushes that come while one is being stored', () => {
  it('share the next transaction, and each is answered for its own', async () => {
    const [one, two, three] = [await pushOf(bob, 2), await pushOf(carol, 1), await pushOf(bob, 1)]
    const garbage = { eid: ann.group.tip.row.tip, bytes: new Uint8Array(9) }
    const acks = await Promise.all([intake.receive(one), intake.receive([garbage, ...two]), intake.receive(three), intake.receive([])])
    expect(acks).toEqual([['stored', 'stored'], ['rejected', 'stored'], ['stored'], []])
    expect(transactions).toBe(2)
    expect(ann.texts()).toHaveLength(4)
  })

  it('may bring the same: it is stored once', async () => {
    const push = await pushOf(bob, 3)
    const acks = await Promise.all([intake.receive(push), intake.receive(push), intake.receive(push)])
    expect(acks.flat()).toEqual(Array.from({ length: 9 }, () => 'stored'))
    expect(ann.texts()).toHaveLength(3)
  })

  it('are not made to wait for too many', async () => {
    const first = await pushOf(bob, 1)
    const large = Array.from({ length: 200 }, () => ({ eid: ann.group.tip.row.tip, bytes: new Uint8Array(9) }))
    const pushes = [first, [...large, ...(await pushOf(carol, 1))], [...large, ...(await pushOf(carol, 1))]]
    await Promise.all(pushes.map((push) => intake.receive(push)))
    expect(transactions).toBe(3)
  })

  it('lose nothing by one that cannot be stored', async () => {
    const [one, two, three] = [await pushOf(bob, 1), await pushOf(carol, 1), await pushOf(bob, 1)]
    const poisoned = two[0]?.bytes
    const { receive } = ann.deps.engine
    ann.deps.engine.receive = (state, bytes, ...rest) =>
      bytes === poisoned ? Promise.reject(new Error('a defect')) : receive(state, bytes, ...rest)
    const results = await Promise.allSettled([intake.receive(one), intake.receive(two), intake.receive(three)])
    ann.deps.engine.receive = receive
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed'))).toEqual([['stored'], 'failed', ['stored']])
    expect(await intake.receive(two)).toEqual(['stored'])
  })

  it('fail together where nothing can be stored, and can come again', async () => {
    const push = await pushOf(bob, 2)
    ann.store.failNext()
    await expect(intake.receive(push)).rejects.toThrow('disk is full')
    expect(ann.texts()).toEqual([])
    expect(await intake.receive(push)).toEqual(['stored', 'stored'])
  })
})
