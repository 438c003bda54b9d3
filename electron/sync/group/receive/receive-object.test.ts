import { reconsider } from '../../fork-resolution/reconsider.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Eid, GroupId, MemberId } from '../../../../shared/domain/ids.ts'
import type { CommitRequest, GroupState } from '../../../crypto/mls/index.ts'
import { createLocalIdentity } from '../../../identity/index.ts'
import { fromHex, utf8 } from '../../../kernel/bytes.ts'
import type { WireObject } from '../../../ports/wire.ts'
import { bring, general, lastObject, makeWorld, SPACE, writtenBy } from '../../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../../testing/fixtures/group-world.ts'
import { encodeContent } from '../../content/mimi-content.ts'
import type { MimiContent } from '../../content/mimi-content.ts'
import { newChannelId } from '../../policy/channel-id.ts'
import { withPresenceKey } from '../../policy/recognition-key.ts'
import { encodeSettings } from '../../policy/settings.ts'
import type { SpaceSettings } from '../../policy/settings.ts'
import { readParts } from '../epoch-parts.ts'
import { KEPT_EPOCHS } from '../group-deps.ts'
import { objectIdOf } from '../object-id.ts'
import { receiveObject } from './receive-objects.ts'

let world: World
let ann: Device
let bob: Device
beforeEach(async () => {
  world = await makeWorld('receive object')
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

/** What a member can make who does not keep to the rules: any content, any commit. */
async function forgedMessage(by: Device, plaintext: Uint8Array): Promise<WireObject> {
  const { message } = await world.engine.encrypt(by.group.tip.state, plaintext, new Uint8Array())
  return { eid: by.group.tip.row.tip, bytes: message }
}
async function forgedCommit(by: Device, request: Partial<CommitRequest>): Promise<WireObject & { state: GroupState }> {
  const made = await world.engine.commit(by.group.tip.state, { authenticatedData: new Uint8Array(), ...request })
  if (!made.ok) throw new Error(made.error.detail)
  return { eid: by.group.tip.row.tip, bytes: made.value.commit, state: made.value.state }
}
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

describe('an object', () => {
  it('of another group that is here is answered like one that is nowhere: what else this device is in is for nobody to ask', async () => {
    const object = { eid: ann.group.tip.row.tip, bytes: new Uint8Array(64).fill(1) }
    const objectId = objectIdOf(object.bytes)
    const unknown = await receiveObject(ann.group, object)
    const place = { groupId: 'bb'.repeat(16) as GroupId, kind: 'message', epoch: 1, sender: bob.group.self, senderSeq: 1 } as const
    ann.store.transaction((tx) => tx.objects.put({ ...object, ...place, objectId, storedAt: 0 }))
    expect([unknown, await receiveObject(ann.group, object)]).toEqual(['rejected', 'rejected'])
  })
})

describe('a message', () => {
  it('is stored, then told of, then acknowledged', async () => {
    await bob.send('hello')
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('stored')
    expect(ann.texts()).toEqual(['hello'])
    expect(ann.events).toEqual(['message', 'object'])
    expect(ann.store.messages.page(general(ann), 1, null).messages[0]).toMatchObject({ author: bob.group.self, failure: null })
  })

  it('is taken without reading what is stored of the epoch: that grows with the group', async () => {
    await bob.send('hello')
    let reads = 0
    const counted = <A extends unknown[], R>(read: (...args: A) => R) => {
      return (...args: A): R => {
        reads += 1
        return read(...args)
      }
    }
    const { mls } = ann.store
    const { ratchetTree, groupContext, messageSecrets } = mls
    Object.assign(mls, {
      ratchetTree: counted(ratchetTree),
      groupContext: counted(groupContext),
      messageSecrets: counted(messageSecrets),
    })
    const { encode } = ann.group.deps.engine
    let encoded = 0
    ann.group.deps.engine.encode = (state) => {
      encoded += 1
      return encode(state)
    }
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('stored')
    await ann.send('hello yourself')
    ann.group.deps.engine.encode = encode
    expect({ reads, encoded }).toEqual({ reads: 0, encoded: 0 })
    readParts(mls, SPACE, ann.group.tip.row.tip)
    expect(reads).toBe(3)
  })

  it('of many that come at once each gives way to whatever else there is to do', async () => {
    for (let i = 0; i < 5; i++) await bob.send(`number ${i}`)
    let turns = 0
    let over = false
    const count = (): void => {
      turns += 1
      if (!over) setImmediate(count)
    }
    setImmediate(count)
    await Promise.all(writtenBy(bob).map((object) => receiveObject(ann.group, object)))
    over = true
    expect(ann.texts()).toHaveLength(5)
    expect(turns).toBeGreaterThanOrEqual(4)
  })

  it('that comes twice is stored once and acknowledged twice', async () => {
    await bob.send('hello')
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('stored')
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('stored')
    expect(ann.texts()).toEqual(['hello'])
    expect(ann.events.filter((e) => e === 'message')).toHaveLength(1)
  })

  it('that comes twice at the same time is stored once', async () => {
    await bob.send('hello')
    const object = lastObject(bob)
    const acks = await Promise.all([receiveObject(ann.group, object), receiveObject(ann.group, object)])
    expect(acks).toEqual(['stored', 'stored'])
    expect(ann.texts()).toEqual(['hello'])
  })

  it('of our own that comes back changes nothing', async () => {
    await ann.send('mine')
    const before = snapshot(ann)
    expect(await receiveObject(ann.group, lastObject(ann))).toBe('stored')
    expect(snapshot(ann)).toEqual(before)
    expect(ann.texts()).toEqual(['mine'])
  })

  it('changes nothing when it cannot be stored, and can come again', async () => {
    await bob.send('hello')
    const before = snapshot(ann)
    ann.store.failNext()
    await expect(receiveObject(ann.group, lastObject(bob))).rejects.toThrow('disk is full')
    expect(snapshot(ann)).toEqual(before)
    expect(ann.events).toEqual([])
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('stored')
  })

  it('of an earlier epoch is still read, also after a restart, and also twice', async () => {
    await bob.send('before')
    const late = lastObject(bob)
    await ann.addChannel('music')
    await ann.addChannel('films')
    ann.restart()
    expect(await receiveObject(ann.group, late)).toBe('stored')
    expect(await receiveObject(ann.group, late)).toBe('stored')
    expect(ann.texts()).toEqual(['before'])
    expect(ann.store.objects.get(late.objectId)?.epoch).toBe(ann.group.tip.row.epoch - 2)
  })

  it('overtaken by a later one leaves a gap until it comes', async () => {
    await bob.send('one')
    const one = lastObject(bob)
    await bob.send('two')
    await receiveObject(ann.group, lastObject(bob))
    expect(ann.store.senders.get(SPACE, bob.group.self)).toMatchObject({ seq: 0, ahead: [2, 2] })
    await receiveObject(ann.group, one)
    expect(ann.store.senders.get(SPACE, bob.group.self)).toMatchObject({ seq: 2, ahead: [] })
    expect(ann.texts()).toEqual(['one', 'two'])
  })

  it('of an epoch that is kept no more is refused for good, so that nobody waits for its turn', async () => {
    await bob.send('far too late')
    const late = lastObject(bob)
    for (let i = 0; i < KEPT_EPOCHS.atLeast; i++) await ann.addChannel(`c${i}`)
    world.clock.advance(KEPT_EPOCHS.forMs + 1)
    await ann.addChannel('much later')
    expect(await receiveObject(ann.group, late)).toBe('rejected')
  })

  it('written without a connection is read however many changes were made meanwhile', async () => {
    await bob.send('from the train')
    const late = lastObject(bob)
    for (let i = 0; i <= KEPT_EPOCHS.atLeast * 2; i++) await ann.addChannel(`c${i}`)
    expect(await receiveObject(ann.group, late)).toBe('stored')
    expect(ann.texts()).toContain('from the train')
  })

  it('of an epoch to come is asked for again once what leads there is known', async () => {
    await ann.addChannel('music')
    const commit = lastObject(ann)
    await ann.send('later')
    const message = lastObject(ann)
    expect(await receiveObject(bob.group, message)).toBe('unknown-epoch')
    expect(await receiveObject(bob.group, commit)).toBe('stored')
    expect(await receiveObject(bob.group, message)).toBe('stored')
  })

  it('waits when too many of its sender came before their turn', async () => {
    const ahead = Array.from({ length: 500 }, (_, i) => [5 + 2 * i, 5 + 2 * i]).flat()
    ann.store.transaction((tx) => {
      tx.senders.put({ groupId: SPACE, memberId: bob.group.self, seq: 0, ahead, lastObject: null })
      tx.witnesses.note(SPACE, ann.group.tip.row.tip, bob.group.self)
    })
    const before = snapshot(ann)
    const object = await forgedMessage(bob, content({}, { seq: 3, prev: { object: new Uint8Array(32), epoch: 9 } }))
    expect(await receiveObject(ann.group, object)).toBe('later')
    expect(snapshot(ann)).toEqual(before)
  })

  it('is taken however many came before their turn if it is the first of its sender in its epoch: the choice is made by who was seen where', async () => {
    const ahead = Array.from({ length: 500 }, (_, i) => [5 + 2 * i, 5 + 2 * i]).flat()
    ann.store.transaction((tx) => tx.senders.put({ groupId: SPACE, memberId: bob.group.self, seq: 0, ahead, lastObject: null }))
    const first = await forgedMessage(bob, content({}, { seq: 3, prev: { object: new Uint8Array(32), epoch: 9 } }))
    expect(await receiveObject(ann.group, first)).toBe('stored')
    expect(ann.store.witnesses.has(SPACE, ann.group.tip.row.tip, bob.group.self)).toBe(true)
    expect(ann.store.senders.get(SPACE, bob.group.self)).toMatchObject({ seq: 0, ahead: [3, 5, ...ahead.slice(2)] })
  })

  it('that closes the gap is taken however many of its sender came before their turn', async () => {
    await bob.send('the missing one')
    const ahead = Array.from({ length: 500 }, (_, i) => [2 + 2 * i, 2 + 2 * i]).flat()
    ann.store.transaction((tx) => tx.senders.put({ groupId: SPACE, memberId: bob.group.self, seq: 0, ahead, lastObject: null }))
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('stored')
    expect(ann.store.senders.get(SPACE, bob.group.self)).toMatchObject({ seq: 2, ahead: ahead.slice(2) })
    expect(ann.texts()).toEqual(['the missing one'])
  })

  it('of a clock that runs ahead is shown at most a little ahead of ours', async () => {
    const year = 365 * 86_400_000
    const now = world.clock.now()
    await receiveObject(ann.group, await forgedMessage(bob, content({}, { lamport: now + year, sentAt: now + year })))
    const [message] = ann.store.messages.page(general(ann), 1, null).messages
    expect(message).toMatchObject({ sentAt: now + 300_000, lamport: now + 300_000 })
    await ann.send('after')
    expect(ann.texts()).toEqual(['forged', 'after'])
  })

  it('cannot take the place of another by taking its id', async () => {
    const id = await ann.send('mine')
    expect(await receiveObject(ann.group, await forgedMessage(bob, content({ salt: fromHex(id) })))).toBe('stored')
    expect(ann.store.messages.get(id)).toMatchObject({ text: 'mine', author: ann.group.self })
  })
})

describe('content that makes no sense', () => {
  it.each<[string, () => Uint8Array]>([
    ['is no content', () => utf8('hello')],
    ['is empty', () => new Uint8Array()],
    ['speaks of a channel that is not there', () => content({ topicId: new Uint8Array(16).fill(0xee) })],
    ['has bytes behind it', () => new Uint8Array([...content(), 0])],
    ['is counted as no device counts', () => content({}, { seq: 2 ** 40, prev: null })],
  ])('%s: refused, and its key stays good for one that does', async (_, make) => {
    const object = await forgedMessage(bob, make())
    expect(await receiveObject(ann.group, object)).toBe('rejected')
    expect(ann.texts()).toEqual([])
    expect(ann.events).toEqual([])
    expect(ann.store.senders.get(SPACE, bob.group.self)).toBeNull()
    ann.restart()
    expect(await receiveObject(ann.group, object)).toBe('rejected')
    // Bob's ratchet is where it was before the forgery, so his next message uses the same key.
    await bob.send('under the same key')
    await bob.send('honest')
    for (const message of writtenBy(bob)) expect(await receiveObject(ann.group, message)).toBe('stored')
    expect(ann.texts()).toEqual(['under the same key', 'honest'])
  })

  it("is a commit that makes a channel of another group's: whoever came into both would have one of them only", async () => {
    const foreign = newChannelId('bb'.repeat(16) as GroupId, ann.deps.random)
    const settings = settingsOf(ann, { channels: [...ann.group.tip.settings.channels, { channelId: foreign, name: 'x', kind: 'open' }] })
    const { state: _, ...commit } = await forgedCommit(ann, { settings })
    expect(await receiveObject(bob.group, commit)).toBe('rejected')
  })
})

describe('bytes that are no object of this group', () => {
  it.each<[string, () => Promise<WireObject>]>([
    ['noise', async () => ({ eid: ann.group.tip.row.tip, bytes: new Uint8Array(500).fill(3) })],
    ['nothing', async () => ({ eid: ann.group.tip.row.tip, bytes: new Uint8Array() })],
    [
      'a key package',
      async () => {
        const pair = await world.engine.keyPackage(SPACE, createLocalIdentity(SPACE, 'Eve', ann.deps.random))
        return { eid: ann.group.tip.row.tip, bytes: pair.publicPackage }
      },
    ],
    [
      'a message with its end missing',
      async () => {
        await bob.send('x')
        return { eid: ann.group.tip.row.tip, bytes: lastObject(bob).bytes.slice(0, -1) }
      },
    ],
    [
      'a message with a changed bit',
      async () => {
        await bob.send('x')
        const bytes = new Uint8Array(lastObject(bob).bytes)
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
        return { eid: ann.group.tip.row.tip, bytes }
      },
    ],
    [
      'a message under the name of another epoch',
      async () => {
        await bob.send('x')
        const [founding] = ann.store.mls.epochs(SPACE).toReversed()
        return { eid: founding?.eid ?? ('' as Eid), bytes: lastObject(bob).bytes }
      },
    ],
  ])('%s: refused without a trace', async (_, make) => {
    const object = await make()
    const before = snapshot(ann)
    expect(await receiveObject(ann.group, object)).toBe('rejected')
    expect(snapshot(ann)).toEqual(before)
    expect(ann.events).toEqual([])
  })

  it('an honest message spoilt on the way can still come whole', async () => {
    await bob.send('whole')
    const object = lastObject(bob)
    await receiveObject(ann.group, { eid: object.eid, bytes: object.bytes.slice(0, -1) })
    await receiveObject(ann.group, { eid: 'ee'.repeat(16) as Eid, bytes: object.bytes })
    expect(await receiveObject(ann.group, object)).toBe('stored')
    expect(ann.texts()).toEqual(['whole'])
  })
})

describe('a commit', () => {
  it('out of an epoch that is not held changes nothing, and comes again with what leads to it (T3)', async () => {
    await ann.addChannel('music')
    const first = lastObject(ann)
    await ann.addChannel('books')
    const second = lastObject(ann)
    const before = snapshot(bob)
    const known = bob.store.commits.of(SPACE)
    bob.events.length = 0
    expect(await receiveObject(bob.group, second)).toBe('unknown-epoch')
    expect([snapshot(bob), bob.store.commits.of(SPACE), bob.events]).toEqual([before, known, []])
    expect(await receiveObject(bob.group, first)).toBe('stored')
    expect(await receiveObject(bob.group, second)).toBe('stored')
    expect(bob.group.tip.row.tip).toBe(ann.group.tip.row.tip)
  })

  it('is followed, stored, and told of once it is', async () => {
    await ann.addChannel('music')
    bob.events.length = 0
    expect(await receiveObject(bob.group, lastObject(ann))).toBe('stored')
    expect(bob.group.tip.row.tip).toBe(ann.group.tip.row.tip)
    expect(bob.store.directory.channels(SPACE).map((c) => c.name)).toEqual(['general', 'music'])
    expect(bob.events[0]).toBe('epoch')
    expect(bob.store.objects.commitAfter(SPACE, lastObject(ann).eid)?.sender).toBe(ann.group.self)
  })

  it('changes nothing when it cannot be stored, and can come again', async () => {
    await ann.addChannel('music')
    const before = snapshot(bob)
    bob.events.length = 0
    bob.store.failNext()
    await expect(receiveObject(bob.group, lastObject(ann))).rejects.toThrow('disk is full')
    expect(snapshot(bob)).toEqual(before)
    expect(bob.events).toEqual([])
    expect(await receiveObject(bob.group, lastObject(ann))).toBe('stored')
    expect(bob.group.tip.row.tip).toBe(ann.group.tip.row.tip)
  })

  it.each<[string, (by: Device) => Partial<SpaceSettings>]>([
    ['raises its author', (by) => ({ roles: new Map(by.group.tip.settings.roles).set(by.group.self, 'owner') })],
    ['gives a stranger a role', (by) => ({ roles: new Map(by.group.tip.settings.roles).set('ff'.repeat(16) as MemberId, 'admin') })],
    ['renames the space', () => ({ name: 'Mine now' })],
    ['drops a channel', () => ({ channels: [] })],
    ['changes the presence key', () => ({ presenceKey: new Uint8Array(32) })],
    ['leaves settings nobody can read', () => ({ name: '\u202e' })],
  ])('that %s is refused from a member without the right, and changes nothing', async (_, changes) => {
    const before = snapshot(ann)
    const commit = await forgedCommit(bob, { settings: settingsOf(bob, changes(bob)) })
    expect(await receiveObject(ann.group, commit)).toBe('rejected')
    expect(snapshot(ann)).toEqual(before)
    expect(ann.events).toEqual([])
    expect(ann.group.tip.row.returning).toBe(false)
  })

  it('that removes somebody is refused from a member without the right', async () => {
    const leaf = world.engine.self(ann.group.tip.state).leafIndex
    const carol = await world.join(ann, 'Carol')
    await bring(ann, bob)
    const before = snapshot(carol)
    expect(await receiveObject(carol.group, await forgedCommit(bob, { removeLeaves: [leaf] }))).toBe('rejected')
    expect(snapshot(carol)).toEqual(before)
  })

  it('that removes somebody ends what is owed to them, and says so', async () => {
    const carol = await world.join(ann, 'Carol')
    await bring(ann, bob)
    const id = await bob.send('for both')
    const roles = new Map(ann.group.tip.settings.roles)
    roles.delete(carol.group.self)
    const settings = settingsOf(ann, { roles, invitations: [], ...withPresenceKey(ann.group.tip.settings, new Uint8Array(32).fill(1)) })
    const removal = await forgedCommit(ann, { settings, removeLeaves: [world.engine.self(carol.group.tip.state).leafIndex] })
    bob.events.length = 0
    expect(await receiveObject(bob.group, removal)).toBe('stored')
    const row = bob.store.messages.get(id)
    expect(row && bob.store.deliveries.of(row.objectId).map((d) => d.memberId)).toEqual([ann.group.self])
    expect(bob.events).toContain('delivery')
    expect(bob.store.directory.member(SPACE, carol.group.self)).toMatchObject({ name: 'Carol', active: false })
    expect(await receiveObject(carol.group, removal)).toBe('stored')
    expect(carol.events.at(-1)).toBe('contested')
    expect(await reconsider(carol.group)).toEqual({ kind: 'removed' })
    expect(carol.events.at(-1)).toBe('ended')
  })
})
