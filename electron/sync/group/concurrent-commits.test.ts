import { beforeEach, describe, expect, it } from 'vitest'
import type { Eid } from '../../../shared/domain/ids.ts'
import { fromHex } from '../../kernel/bytes.ts'
import type { WireObject } from '../../ports/wire.ts'
import { bring, commitsOf, general, lastObject, linkOf, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../testing/fixtures/group-world.ts'
import { encodeContent } from '../content/mimi-content.ts'
import type { MimiContent } from '../content/mimi-content.ts'
import { encodeSettings } from '../policy/settings.ts'
import type { SpaceSettings } from '../policy/settings.ts'
import { readParts } from './epoch-parts.ts'
import { receiveObject } from './receive/receive-objects.ts'

let world: World
let ann: Device
let bob: Device
beforeEach(async () => {
  world = await makeWorld('concurrent commits')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob')
  ann.events.length = 0
})

const snapshot = ({ group, store }: Device) => ({
  tip: group.tip,
  row: store.groups.get(SPACE),
  epoch: readParts(store.mls, SPACE, group.tip.row.tip),
  senders: store.senders.list(SPACE),
  objects: store.objects.since(SPACE, 0, null, 100).length,
})

/** What a member can make who does not keep to the rules. */
const settingsOf = (device: Device, changes: Partial<SpaceSettings>) =>
  encodeSettings({ ...device.group.tip.settings, admission: null, ...changes })
const content = (changes: Partial<MimiContent> = {}, extensions: Partial<MimiContent['extensions']> = {}): Uint8Array =>
  encodeContent({
    salt: new Uint8Array(16).fill(7),
    inReplyTo: null,
    topicId: fromHex(general(ann)),
    text: 'forged',
    ...changes,
    extensions: { seq: 1, prev: null, lamport: 1, sentAt: 1, ...extensions },
  })

describe('two members who change the group at once', () => {
  let parting: Eid
  beforeEach(async () => {
    await bob.send('before')
    await bring(bob, ann)
    parting = ann.group.tip.row.tip
    await ann.addChannel('from Ann')
    await linkOf(bob, 'guest')
    ann.events.length = 0
    bob.events.length = 0
  })
  const commitOf = (device: Device): WireObject => {
    const own = commitsOf(device).find((o) => o.eid === parting)
    if (own === undefined) throw new Error('each made a commit')
    return own
  }

  it('each keep their own, note the split once and for good, and lose nothing', async () => {
    const [annTip, bobTip] = [ann.group.tip.row.tip, bob.group.tip.row.tip]
    expect(annTip).not.toBe(bobTip)
    expect(await receiveObject(ann.group, commitOf(bob))).toBe('rejected')
    expect(await receiveObject(ann.group, commitOf(bob))).toBe('rejected')
    expect(await receiveObject(bob.group, commitOf(ann))).toBe('rejected')
    expect(ann.events).toEqual(['split'])
    for (const [device, tip] of [
      [ann, annTip],
      [bob, bobTip],
    ] as const) {
      device.restart()
      expect(device.group.tip.row).toMatchObject({ split: true, tip })
      expect(device.texts()).toEqual(['before'])
    }
  })

  it('still read what the other wrote before they parted, and go on writing', async () => {
    const carol = await world.join(bob, 'Carol')
    await receiveObject(ann.group, commitOf(bob))
    const old = readParts(bob.store.mls, SPACE, parting)
    if (old === null) throw new Error('the epoch is kept')
    const late = await world.engine.encrypt(world.engine.decode(old), content({}, { seq: 2, prev: null }), new Uint8Array())
    expect(await receiveObject(ann.group, { eid: parting, bytes: late.message })).toBe('stored')
    await ann.send('on my side')
    expect(ann.texts()).toEqual(['forged', 'before', 'on my side'])
    expect(carol.group.tip.row.tip).toBe(bob.group.tip.row.tip)
  })

  it('and a message of the other branch waits, without harm', async () => {
    await bob.send('on my side')
    const before = snapshot(ann)
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('unknown-epoch')
    expect(snapshot(ann)).toEqual(before)
  })

  it('say so of a real commit only: a header that anybody can write is no evidence', async () => {
    const bytes = new Uint8Array(commitOf(bob).bytes)
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    expect(await receiveObject(ann.group, { eid: parting, bytes })).toBe('rejected')
    expect(ann.group.tip.row.split).toBe(false)
    expect(ann.events).toEqual([])
  })

  it('and a commit nobody was allowed to make splits nothing', async () => {
    const old = readParts(bob.store.mls, SPACE, parting)
    const made =
      old && (await world.engine.commit(world.engine.decode(old), { settings: renamed(bob), authenticatedData: new Uint8Array() }))
    if (!made?.ok) throw new Error('it can be made')
    expect(await receiveObject(ann.group, { eid: parting, bytes: made.value.commit })).toBe('rejected')
    expect(ann.group.tip.row.split).toBe(false)
  })
  const renamed = (by: Device) => settingsOf(by, { name: 'Mine now' })
})
