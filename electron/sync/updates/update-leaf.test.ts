import { beforeEach, describe, expect, it } from 'vitest'
import { toHex } from '../../kernel/bytes.ts'
import { bring, commitsOf, lastObject, SPACE, writtenBy } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { keyOf, makeTrio } from '../../testing/updates/trio.ts'
import type { Trio } from '../../testing/updates/trio.ts'
import { reconsider } from '../fork-resolution/reconsider.ts'
import { readParts } from '../group/epoch-parts.ts'
import { receiveObject } from '../group/receive/receive-objects.ts'
import { lostIntents } from '../intents/settle-intents.ts'

let trio: Trio
let ann: Device
let bob: Device
let carol: Device
beforeEach(async () => {
  trio = await makeTrio('update leaf')
  ;({ ann, bob, carol } = trio)
})
const DAY = 86_400_000
const tips = () => new Set([ann, bob, carol].map(({ group }) => group.tip.row.tip))
const partsOf = ({ group, store }: Device) => readParts(store.mls, SPACE, group.tip.row.tip) ?? expect.fail()

describe('a device whose key is due', () => {
  it('U1: renews it by a commit that all follow, and that changes nothing else', async () => {
    trio.untilDue(bob)
    const [before, members, settings] = [keyOf(bob), bob.group.members(), bob.group.tip.settings]
    expect(await trio.update(bob)).toBeNull()
    expect(keyOf(bob)).not.toBe(before)
    await trio.spread(bob)
    expect(tips().size).toBe(1)
    const { leafIndex } = trio.world.engine.self(bob.group.tip.state)
    for (const { group } of [ann, carol]) {
      expect([group.members(), group.tip.settings]).toEqual([members, settings])
      expect(toHex(trio.world.engine.encryptionKey(group.tip.state, leafIndex) ?? expect.fail())).toBe(keyOf(bob))
    }
    await carol.send('it goes on')
    await trio.spread(carol)
    expect([ann.texts(), bob.texts()]).toEqual([['it goes on'], ['it goes on']])
  })

  it('U1: needs none where it made any other commit, or another one, since', async () => {
    trio.untilDue(ann)
    await ann.addChannel('music')
    expect(await trio.update(ann)).toBe('not-due')
    trio.untilDue(ann)
    await trio.spread(ann)
    await trio.acknowledge()
    expect([await trio.update(ann), await trio.update(ann)]).toEqual([null, 'not-due'])
  })

  it('that dies before its commit is durable has made none; after that it has, and the others are brought it', async () => {
    trio.untilDue(bob)
    const before = keyOf(bob)
    bob.store.failNext()
    await expect(trio.update(bob)).rejects.toThrow('disk is full')
    bob.restart()
    expect([keyOf(bob), commitsOf(bob)]).toEqual([before, []])
    expect(await trio.update(bob)).toBeNull()
    const after = keyOf(bob)
    bob.restart()
    expect(keyOf(bob)).toBe(after)
    expect(await trio.update(bob)).toBe('not-due')
    await bob.send('after the crash')
    await trio.spread(bob)
    expect(tips().size).toBe(1)
    expect(ann.texts()).toEqual(['after the crash'])
  })
})

describe('U6: devices that renew their keys at once', () => {
  it('follow one of them; the keys of the others are as old as before, nothing is done again at once, and each has its turn', async () => {
    trio.untilDue(bob, 10 * DAY)
    const all = [ann, bob, carol]
    const before = all.map(keyOf)
    const companies = all.map((device) => trio.companyOf(device))
    for (const [n, device] of all.entries()) expect(await trio.update(device, companies[n])).toBeNull()
    for (const device of all) await trio.spread(device)
    for (const { group } of all) await reconsider(group)
    expect(tips().size).toBe(1)
    expect(all.filter((device, n) => keyOf(device) !== before[n])).toHaveLength(1)
    for (const { group } of all) expect(lostIntents(group)).toEqual([])
    for (let round = 0; round < 2; round++) {
      expect(await Promise.all(all.map((device) => trio.update(device)))).not.toContain(null)
      trio.world.clock.advance(60_000)
      await trio.acknowledge()
      const next = all.find((device, n) => keyOf(device) === before[n]) ?? expect.fail()
      expect(await trio.update(next)).toBeNull()
      await trio.spread(next)
    }
    expect(all.filter((device, n) => keyOf(device) === before[n])).toEqual([])
    expect(tips().size).toBe(1)
  })
})

describe('a thief who has all that a device had', () => {
  it('reads on until that device renews its key, and nothing from then on', async () => {
    const { engine } = trio.world
    let stolen = engine.decode(partsOf(bob))
    const reads = async (from: Device): Promise<string> => {
      const received = await engine.receive(stolen, lastObject(from).bytes, () => null, { takeOwn: true })
      if (received.ok && (received.value.kind === 'message' || received.value.kind === 'commit')) stolen = received.value.state
      return received.ok ? received.value.kind : received.error.reason
    }
    await carol.send('one')
    await trio.spread(carol)
    expect(await reads(carol)).toBe('message')
    trio.untilDue(bob, 10 * DAY)
    expect(await trio.update(ann)).toBeNull()
    await trio.spread(ann)
    expect(await reads(ann)).toBe('commit')
    await carol.send('two')
    await trio.spread(carol)
    expect(await reads(carol)).toBe('message')
    await trio.acknowledge()
    trio.world.clock.advance(60_000)
    expect(await trio.update(bob)).toBeNull()
    await trio.spread(bob)
    expect(await reads(bob)).toBe('own-commit')
    await carol.send('three')
    await trio.spread(carol)
    expect(await reads(carol)).toBe('wrong-epoch')
    expect(ann.texts()).toEqual(['one', 'two', 'three'])
  })

  it('cannot follow with the old keys of the leaf what others do in an epoch after that', async () => {
    const { engine } = trio.world
    const old = partsOf(bob)
    trio.untilDue(bob)
    expect(await trio.update(bob)).toBeNull()
    await trio.spread(bob)
    const now = partsOf(bob)
    await ann.addChannel('music')
    const commit = lastObject(ann)
    const withKeys = (pathKeys: typeof old.pathKeys) =>
      engine.receive(engine.decode({ ...now, pathKeys }), commit.bytes, () => null, { takeOwn: false })
    expect(await withKeys(now.pathKeys)).toMatchObject({ ok: true, value: { kind: 'commit' } })
    expect(await withKeys(old.pathKeys)).toMatchObject({ ok: false })
    expect(await receiveObject(bob.group, commit)).toBe('stored')
    expect(writtenBy(bob)).not.toEqual([])
    await bring(ann, bob)
  })
})
