import { beforeEach, describe, expect, it } from 'vitest'
import type { ChannelId, Eid } from '../../../shared/domain/ids.ts'
import { AppError } from '../../kernel/errors.ts'
import { decodeContent } from '../content/mimi-content.ts'
import {
  GUEST_PEER,
  bring,
  commitsOf,
  general,
  HOUR,
  lastObject,
  linkOf,
  asking,
  makeWorld,
  objectsOf,
  SPACE,
} from '../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../testing/fixtures/group-world.ts'
import { commitChange } from './change-group.ts'
import { enterGroup, foundGroup, loadGroup } from './found-group.ts'
import { KEPT_EPOCHS } from './group-deps.ts'
import { receiveObject, receiveObjects } from './receive/receive-objects.ts'
import { changeRole } from '../members/change-role.ts'
import { renameSpace } from '../members/change-space.ts'
import { newChannelId } from '../policy/channel-id.ts'
import { withChannel } from '../policy/transitions.ts'
import { admit } from '../invitations/admit.ts'
import { createLocalIdentity, decodeLocalIdentity, encodeLocalIdentity } from '../../identity/index.ts'

let world: World
let ann: Device
beforeEach(async () => {
  world = await makeWorld('live group')
  ann = await world.found('Ann')
})

/** Everything of a device's group that others or the window could see. */
const picture = ({ group, store }: Device) => {
  const { row, settings, state } = group.tip
  return {
    row,
    settings,
    members: group.members(),
    encoded: group.deps.engine.encode(state),
    stored: store.groups.get(SPACE),
    directory: [store.directory.space(SPACE), store.directory.channels(SPACE), store.directory.members(SPACE)],
    senders: store.senders.list(SPACE),
  }
}

describe('a founded group', () => {
  it('has one member, its owner, and one channel, in the directory too', () => {
    expect(ann.group.tip.settings.roles).toEqual(new Map([[ann.group.self, 'owner']]))
    expect(ann.store.directory.channels(SPACE)).toMatchObject([{ name: 'general', kind: 'open' }])
    expect(ann.store.directory.members(SPACE)).toMatchObject([{ name: 'Ann', role: 'owner', devices: 1, active: true }])
    expect(ann.group.tip.row).toMatchObject({ epoch: 0, joinedEpoch: 0, sentSeq: 0, returning: false })
  })

  it('keeps the identity it was made with', () => {
    const stored = ann.store.identities.get(SPACE)
    expect(stored && decodeLocalIdentity(stored).memberId).toBe(ann.group.self)
  })

  it('leaves nothing behind when it could not be stored', async () => {
    const blank = world.device('Zoe')
    const identity = createLocalIdentity(SPACE, 'Zoe', blank.deps.random)
    blank.store.failNext()
    await expect(foundGroup(blank.deps, SPACE, 'Friends', identity, encodeLocalIdentity(identity))).rejects.toThrow('disk is full')
    expect(blank.store.groups.list()).toEqual([])
    expect(blank.store.identities.get(SPACE)).toBeNull()
    expect(blank.events).toEqual([])
  })

  it('cannot be founded or entered twice', async () => {
    const { state } = ann.group.tip
    await expect(enterGroup(ann.deps, state, new Uint8Array(), () => undefined)).rejects.toMatchObject({ code: 'already-member' })
  })
})

describe('loading a group', () => {
  it('gives what was left, in every respect', async () => {
    await ann.send('one')
    await ann.addChannel('music')
    const before = picture(ann)
    ann.restart()
    expect(picture(ann)).toEqual(before)
  })

  it('says so when its state is gone', () => {
    const { row } = ann.group.tip
    ann.store.transaction((tx) => tx.mls.deleteEpoch(SPACE, row.tip))
    expect(() => loadGroup(ann.deps, row)).toThrow(expect.objectContaining({ code: 'unreadable' }))
  })
})

describe('entering a group', () => {
  it('is refused as malformed where the settings give us no role', async () => {
    const blank = world.device('Bob')
    const nobody = {
      ...blank.deps,
      engine: { ...world.engine, self: () => ({ ...ann.group.members()[0], memberId: 'ff'.repeat(16) }) as never },
    }
    await expect(enterGroup(nobody, ann.group.tip.state, new Uint8Array(), () => undefined)).rejects.toMatchObject({
      code: 'invitation-malformed',
    })
    expect(blank.store.groups.list()).toEqual([])
  })

  it('stores what else belongs to it in the same step, or nothing at all', async () => {
    const guest = await asking(world, world.device('Bob'), await linkOf(ann, 'member'))
    const answer = await admit(ann.group, guest.request, GUEST_PEER.peerId)
    if (answer.kind !== 'welcome') throw new Error('let in')
    guest.store.failNext()
    await expect(guest.enter(answer.welcome, answer.commits)).rejects.toThrow('disk is full')
    expect(guest.store.groups.list()).toEqual([])
    expect(guest.store.objects.since(SPACE, 0, null, 10)).toEqual([])
    const bob = await guest.enter(answer.welcome, answer.commits)
    expect(bob.group.tip.row.tip).toBe(ann.group.tip.row.tip)
  })
})

describe('a group that is being deleted', () => {
  it('takes nothing any more that was under way to it, and writes no row of its own again', async () => {
    const bob = await world.join(ann, 'Bob')
    const row = bob.group.tip.row
    await ann.group.send(general(ann), 'too late', null)
    const objects = ann.store.objects.since(SPACE, row.epoch, null, 10)
    bob.group.close()
    bob.store.transaction((tx) => tx.groups.forget(SPACE, 1_000))
    await expect(receiveObjects(bob.group, objects)).rejects.toMatchObject({ code: 'not-found' })
    await expect(bob.group.send(general(bob), 'me too', null)).rejects.toMatchObject({ code: 'not-found' })
    expect(bob.store.groups.list()).toEqual([])
    expect(bob.store.objects.since(SPACE, 0, null, 10)).toEqual([])
  })
})

describe('sending', () => {
  it('stores the message, its object and who is owed it, and only then says so', async () => {
    const bob = await world.join(ann, 'Bob')
    ann.events.length = 0
    const id = await ann.send('hello')
    const row = ann.store.messages.get(id)
    expect(row).toMatchObject({ text: 'hello', author: ann.group.self, seq: 1 })
    expect(row && ann.store.deliveries.of(row.objectId)).toEqual([
      { objectId: row?.objectId, groupId: SPACE, memberId: bob.group.self, ackedAt: null },
    ])
    // It is on its way before it is shown.
    expect(ann.events).toEqual(['object', 'message'])
  })

  it('numbers messages, names the one before with its epoch, and never goes back in time', async () => {
    const content = (at: number) => {
      const page = ann.store.messages.page(general(ann), 10, null).messages.toReversed()
      return decodeContent(page[at]?.content ?? new Uint8Array())?.extensions
    }
    await ann.send('one')
    await ann.addChannel('music')
    world.clock.advance(-60_000)
    await ann.send('two')
    expect(content(0)).toMatchObject({ seq: 1, prev: null })
    expect(content(1)).toMatchObject({ seq: 2, prev: { epoch: 0 } })
    expect(content(1)?.lamport).toBe((content(0)?.lamport ?? 0) + 1)
    expect(ann.texts()).toEqual(['one', 'two'])
  })

  it('goes on where it stopped after a restart: no number and no key twice', async () => {
    const bob = await world.join(ann, 'Bob')
    await ann.send('one')
    ann.restart()
    await ann.send('two')
    expect(await bring(ann, bob)).toEqual(['stored', 'stored'])
    expect(bob.texts()).toEqual(['one', 'two'])
    expect(bob.store.senders.get(SPACE, ann.group.self)).toMatchObject({ seq: 2, ahead: [] })
  })

  it('changes and says nothing when it cannot be stored, and works the next time', async () => {
    const bob = await world.join(ann, 'Bob')
    const before = picture(ann)
    ann.events.length = 0
    ann.store.failNext()
    await expect(ann.send('lost')).rejects.toThrow('disk is full')
    expect(picture(ann)).toEqual(before)
    expect(ann.events).toEqual([])
    expect(ann.texts()).toEqual([])
    await ann.send('kept')
    await bring(ann, bob)
    expect(bob.texts()).toEqual(['kept'])
  })

  it('at once from several places keeps one order', async () => {
    const bob = await world.join(ann, 'Bob')
    await Promise.all(['1', '2', '3', '4', '5'].map((text) => ann.send(text)))
    await bring(ann, bob)
    expect(bob.texts()).toEqual(['1', '2', '3', '4', '5'])
  })

  it('needs a channel of this space', async () => {
    await expect(ann.group.send('ee'.repeat(16) as ChannelId, 'x', null)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is not owed to ourselves', async () => {
    const id = await ann.send('alone')
    expect(ann.store.deliveries.of(ann.store.messages.get(id)?.objectId ?? ('' as never))).toEqual([])
  })
})

describe('changing the group', () => {
  it('is in the directory and in the store before it is said', async () => {
    ann.events.length = 0
    await ann.addChannel('music')
    expect(ann.store.directory.channels(SPACE).map((c) => c.name)).toEqual(['general', 'music'])
    expect(ann.events).toEqual(['epoch', 'object'])
  })

  it('changes and says nothing when it cannot be stored', async () => {
    const before = picture(ann)
    ann.events.length = 0
    ann.store.failNext()
    await expect(ann.addChannel('music')).rejects.toThrow('disk is full')
    expect(picture(ann)).toEqual(before)
    expect(ann.events).toEqual([])
    expect(objectsOf(ann)).toEqual([])
    await ann.addChannel('music')
    expect(ann.group.tip.row.epoch).toBe(1)
  })

  it('is refused here when the others would refuse it', async () => {
    const bob = await world.join(ann, 'Bob')
    const before = picture(bob)
    await expect(bob.addChannel('mine')).rejects.toMatchObject({ code: 'not-permitted' })
    expect(picture(bob)).toEqual(before)
    expect(bob.events).toEqual([])
  })

  it('undoes all of it when what else should be written throws', async () => {
    const { group } = ann
    const before = picture(ann)
    const next = withChannel(group.tip.settings, { channelId: newChannelId(SPACE, ann.deps.random), name: 'x', kind: 'open' })
    const failing = group.exclusive(() =>
      commitChange(group, next, [], () => {
        throw new AppError('disk', 'full')
      }),
    )
    await expect(failing).rejects.toMatchObject({ code: 'disk' })
    expect(picture(ann)).toEqual(before)
  })

  it('keeps as many epochs as it says, and no more', async () => {
    const { atLeast, atMost, forMs } = KEPT_EPOCHS
    for (let i = 0; i < atMost + 3; i++) await ann.addChannel(`c${i}`)
    const epochs = () => ann.store.mls.epochs(SPACE).map((e) => e.epoch)
    expect(epochs()).toEqual(Array.from({ length: atMost + 1 }, (_, i) => atMost + 3 - i))
    world.clock.advance(forMs + 1)
    await ann.addChannel('much later')
    const kept = ann.store.mls.epochs(SPACE)
    expect(epochs()).toEqual(Array.from({ length: atLeast + 1 }, (_, i) => atMost + 4 - i))
    expect(kept.filter((e) => e.supersededAt === null).map((e) => e.eid)).toEqual([ann.group.tip.row.tip])
  })
})

describe('epochs beside those that led here', () => {
  it('are the newest, as many as are said, and others go with their edges and with who was seen there (T7)', async () => {
    const bob = await world.join(ann, 'Bob')
    await changeRole(ann.group, bob.group.self, 'admin')
    await bring(ann, bob)
    await ann.addChannel('apart from Bob')
    const names: Eid[] = []
    for (let n = 0; n < 66; n++) {
      await renameSpace(bob.group, `number ${n}`)
      names.push(bob.group.tip.row.tip)
    }
    for (const commit of commitsOf(bob)) expect(await receiveObject(ann.group, commit)).toBe('stored')
    ann.store.transaction((tx) => {
      for (const eid of names) tx.witnesses.note(SPACE, eid, bob.group.self)
    })
    await ann.addChannel('next')
    const [first, second, ...kept] = names
    expect(KEPT_EPOCHS).toEqual({ atLeast: 16, atMost: 128, aside: kept.length, forMs: 30 * 24 * HOUR })
    const epochs = new Set(ann.store.mls.epochs(SPACE).map(({ eid }) => eid))
    expect(names.filter((eid) => epochs.has(eid))).toEqual(kept)
    const edges = ann.store.commits.of(SPACE).flatMap(({ parent, child }) => [parent, child])
    expect(edges).not.toContain(first)
    expect(edges).not.toContain(second)
    const seen = ann.store.witnesses.of(SPACE).map(({ eid }) => eid)
    expect(names.filter((eid) => seen.includes(eid))).toEqual(kept)
  })
})

describe('a restart between any two steps', () => {
  const steps: ((people: { ann: Device; bob: Device }) => Promise<unknown>)[] = [
    ({ ann }) => ann.send('a1'),
    ({ bob }) => bob.send('b1'),
    ({ ann, bob }) => bring(ann, bob),
    ({ ann }) => ann.addChannel('music'),
    ({ bob }) => bob.send('b2, not knowing the channel'),
    ({ ann, bob }) => bring(bob, ann),
    ({ ann, bob }) => bring(ann, bob),
    ({ ann }) => ann.send('a2'),
    ({ ann, bob }) => bring(ann, bob),
    ({ bob }) => bob.send('b3'),
    ({ ann, bob }) => bring(bob, ann),
  ]

  async function play(restartAfter: number | null) {
    const people = { ann, bob: await world.join(ann, 'Bob') }
    for (const [i, step] of steps.entries()) {
      await step(people)
      if (restartAfter !== i && restartAfter !== -1) continue
      people.ann.restart()
      people.bob.restart()
    }
    return people
  }
  const expected = ['a1', 'b1', 'b2, not knowing the channel', 'a2', 'b3']

  it('changes nothing when it comes after each of them', async () => {
    const people = await play(-1)
    for (const device of [people.ann, people.bob]) {
      expect(device.texts().toSorted()).toEqual(expected.toSorted())
      expect(device.group.tip.row.tip).toBe(ann.group.tip.row.tip)
      expect(device.group.tip.settings.channels.map((c) => c.name)).toEqual(['general', 'music'])
    }
  })

  it.each([...steps.keys()])('changes nothing after step %i', async (at) => {
    const people = await play(at)
    expect(people.ann.texts().toSorted()).toEqual(expected.toSorted())
    expect(people.bob.texts().toSorted()).toEqual(expected.toSorted())
    expect(await receiveObject(people.ann.group, lastObject(people.bob))).toBe('stored')
  })
})
