import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { groupOfSpace } from '../../shared/domain/ids.ts'
import type { Space } from '../../shared/domain/models.ts'
import type { JoinRequest, SharedGroup } from '../ports/wire.ts'
import { UNPROVEN } from '../sync/group/membership.ts'
import { decodeIntent } from '../sync/intents/intent.ts'
import { fakeRecord } from '../testing/fakes/fake-record.ts'
import { channelOf, eventually, groupOf, heard, joinBy, makeTown, say, stateOf } from '../testing/fixtures/town.ts'
import type { Resident, Town } from '../testing/fixtures/town.ts'
import { usualSettings } from '../../shared/domain/usual-settings.ts'

let town: Town
let ann: Resident
let bob: Resident
let space: Space
beforeEach(async () => {
  town = await makeTown('messenger')
  ann = await town.arrive('Ann')
  bob = await town.arrive('Bob')
  space = await ann.api['spaces.create']({ name: 'Friends' })
})
afterEach(() => town.end())

const names = (resident: Resident) => resident.events.map((e) => e.event)
const members = async (resident: Resident) =>
  (await resident.api['members.list']({ spaceId: space.spaceId })).map((m) => `${m.name} ${m.online ? 'online' : 'offline'}`)

describe('an invitation', () => {
  it('is not made while it could name nowhere to find anybody', async () => {
    const { network } = ann.messenger
    const addresses = network.addresses()
    network.addresses = () => []
    const wish = { spaceId: space.spaceId, role: 'member', maxUses: null, expiresInMs: 3_600_000 } as const
    await expect(ann.api['invitations.create'](wish)).rejects.toMatchObject({ code: 'unreachable' })
    expect(await ann.api['invitations.list']({ spaceId: space.spaceId })).toEqual([])
    network.addresses = () => addresses
    expect((await ann.api['invitations.create'](wish)).link).toMatch(/^spacepanda:join/)
  })
})

describe('two who meet', () => {
  it('join, see each other, and talk both ways', async () => {
    expect((await joinBy(ann, space, bob)).state).toEqual({ kind: 'done', spaceId: space.spaceId })
    await eventually(() => members(ann), ['Ann online', 'Bob online'])
    const hello = await say(ann, 'hello')
    await eventually(() => heard(bob), ['hello'])
    await eventually(() => stateOf(ann, hello), 'delivered')
    await say(bob, 'hi')
    await eventually(() => heard(ann), ['hello', 'hi'])
  })

  it('wait for each other: what is written alone arrives later, after restarts of both', async () => {
    await joinBy(ann, space, bob)
    await bob.stop()
    town.hub.gone(bob.peerId)
    const message = await say(ann, 'are you there?')
    expect(await stateOf(ann, message)).toBe('stored')
    expect(ann.messenger.connection().queued).toMatchObject([{ channelId: channelOf(ann), messages: 1 }])
    await ann.restart()
    await bob.restart()
    await eventually(() => heard(bob), ['are you there?'])
    await eventually(() => stateOf(ann, message), 'delivered')
    expect(ann.messenger.connection().queued).toEqual([])
  })

  it('wait for each other for weeks: the one who was away follows every change of the space', async () => {
    await joinBy(ann, space, bob)
    await eventually(() => members(bob), ['Ann online', 'Bob online'])
    await bob.stop()
    town.hub.gone(bob.peerId)
    await ann.api['channels.create']({ spaceId: space.spaceId, name: 'music', kind: 'open' })
    town.clock.advance(40 * 24 * 3_600_000)
    await ann.restart()
    const message = await say(ann, 'welcome back')
    await bob.restart()
    await eventually(() => heard(bob), ['welcome back'])
    await eventually(() => stateOf(ann, message), 'delivered')
  })

  it('tell who is gone', async () => {
    await joinBy(ann, space, bob)
    await eventually(() => members(ann), ['Ann online', 'Bob online'])
    await bob.stop()
    town.hub.gone(bob.peerId)
    await eventually(() => members(ann), ['Ann online', 'Bob offline'])
    expect(names(ann)).toContain('members.changed')
  })
})

describe('a space whose state is damaged', () => {
  it('closes no other: its history can be read, and taking part is refused in words', async () => {
    await say(ann, 'kept')
    const channelId = channelOf(ann)
    const other = await ann.api['spaces.create']({ name: 'Other' })
    const damaged = ann.store.groups.get(groupOfSpace(space.spaceId))
    if (damaged === null) throw new Error('the space is there')
    ann.store.transaction((tx) => tx.mls.deleteEpoch(damaged.groupId, damaged.tip))
    await ann.restart()
    const page = await ann.api['messages.page']({ channelId, limit: 10, before: null, after: null, around: null })
    expect(page.messages.map((m) => m.text)).toEqual(['kept'])
    await expect(ann.api['messages.send']({ channelId, text: 'more', replyTo: null })).rejects.toMatchObject({ code: 'unreadable' })
    expect(ann.messenger.connection().lastErrors).toHaveLength(1)
    await ann.api['channels.create']({ spaceId: other.spaceId, name: 'alive', kind: 'open' })
  })
})

describe('three', () => {
  it('of whom two cannot reach each other talk by way of the third', async () => {
    const carol = await town.arrive('Carol')
    await joinBy(ann, space, bob)
    await joinBy(ann, space, carol)
    town.hub.partition(bob.peerId, carol.peerId)
    await eventually(() => carol.store.directory.members(groupOf(carol)).length, 3)
    const message = await say(bob, 'to all')
    await eventually(() => heard(ann), ['to all'])
    await expect
      .poll(
        () => {
          town.clock.advance(500)
          return heard(carol)
        },
        { interval: 5 },
      )
      .toEqual(['to all'])
    expect(await stateOf(bob, message)).toBe('held')
  })

  it('of whom one was let in while another was away know each other without the one who did it', async () => {
    const carol = await town.arrive('Carol')
    await joinBy(ann, space, bob)
    town.hub.partition(ann.peerId, bob.peerId)
    await joinBy(ann, space, carol)
    await ann.stop()
    town.hub.gone(ann.peerId)
    town.hub.retryAll()
    await expect
      .poll(
        () => {
          town.clock.advance(400)
          return bob.store.directory.members(groupOf(bob)).map((m) => m.name)
        },
        { interval: 5 },
      )
      .toContain('Carol')
    await say(carol, 'hello Bob')
    await expect
      .poll(
        () => {
          town.clock.advance(400)
          return heard(bob)
        },
        { interval: 5 },
      )
      .toEqual(['hello Bob'])
  })
})

describe('somebody who knows the group but cannot be known yet', () => {
  const unproven = (): SharedGroup => ({ groupId: groupOf(ann), memberId: UNPROVEN })
  const frontier = () => ({
    groupId: groupOf(ann),
    eid: 'ee'.repeat(16) as never,
    epoch: 0,
    joinedEpoch: 0,
    roots: [],
    known: [],
    senders: [],
  })

  it('is sent nothing, and asked nothing', () => {
    const peer = town.hub.newPeerId()
    ann.messenger.correspondence.ready(peer, [unproven()])
    expect(ann.messenger.correspondence.online(groupOf(ann)).size).toBe(0)
    expect(ann.store.peers.list()).toEqual([])
  })

  it('is told where we stand and nothing of who wrote what', async () => {
    await say(ann, 'secret')
    const answer = await ann.handlers.onFrontier(unproven(), town.hub.newPeerId(), frontier())
    expect(answer.senders).toEqual([])
    expect(answer.eid).toBe(ann.store.groups.get(groupOf(ann))?.tip)
  })

  it('is told of no addresses, and believed none', async () => {
    const hint = { memberId: ann.messenger.group(groupOf(ann)).self, record: fakeRecord(town.hub.newPeerId(), []) }
    expect(await ann.handlers.onHints(unproven(), [hint])).toEqual([])
    expect(ann.store.peers.list()).toEqual([])
  })

  it('becomes known and is sent everything as soon as it proves itself', async () => {
    await joinBy(ann, space, bob)
    const { correspondence } = ann.messenger
    const memberId = bob.messenger.group(groupOf(bob)).self
    correspondence.ready(bob.peerId, [unproven()])
    expect(correspondence.online(groupOf(ann)).size).toBe(0)
    await say(ann, 'while unknown')
    expect(heard(bob)).toEqual([])
    correspondence.ready(bob.peerId, [{ groupId: groupOf(ann), memberId }])
    await eventually(() => heard(bob), ['while unknown'])
  })
})

describe('what strangers and members of other groups ask', () => {
  it('of a group we are not in is refused', async () => {
    const elsewhere = { groupId: 'bb'.repeat(16) as never, memberId: 'cc'.repeat(16) as never }
    expect(
      await ann.handlers.onPush(elsewhere, { groupId: elsewhere.groupId, objects: [{ eid: 'e' as never, bytes: new Uint8Array(3) }] }),
    ).toEqual(['rejected'])
    expect(await ann.handlers.onHints(elsewhere, [])).toEqual([])
    const request = {
      groupId: elsewhere.groupId,
      invitationId: 'dd'.repeat(16) as never,
      requestId: 'ee'.repeat(16),
      keyPackages: [],
      signature: new Uint8Array(64),
    }
    expect(await ann.handlers.onJoin(bob.peerId, request)).toEqual({ kind: 'refused', code: 'invitation-wrong-space' })
  })

  it('counts as shown no invitation, unless it is signed with one', async () => {
    await joinBy(ann, space, bob)
    const [admitted] = ann.store.intents.list(groupOf(ann)).flatMap((row) => {
      const intent = decodeIntent(row.body)
      return intent.kind === 'admit' ? [{ groupId: groupOf(ann), ...intent.request }] : []
    })
    if (admitted === undefined) throw new Error('somebody was let in')
    const asked = async (change: Partial<JoinRequest>): Promise<boolean> => {
      let hasMissed = false
      await ann.handlers.onJoin(bob.peerId, { ...admitted, ...change }, () => (hasMissed = true))
      return hasMissed
    }
    expect(await asked({ groupId: 'bb'.repeat(16) as never })).toBe(true)
    expect(await asked({ invitationId: 'dd'.repeat(16) as never })).toBe(true)
    expect(await asked({ signature: new Uint8Array(64) })).toBe(true)
    const signed: boolean[] = []
    void asked({}).then((hasMissed) => signed.push(hasMissed))
    const isAnswered = (): boolean[] => {
      town.clock.advance(100)
      return signed
    }
    await eventually(isAnswered, [false])
  })

  it('pushed under the name of another group changes nothing here', async () => {
    await joinBy(ann, space, bob)
    town.clock.advance(1)
    const other = await bob.api['spaces.create']({ name: 'Bob alone' })
    await say(ann, 'hello')
    await eventually(() => heard(bob), ['hello'])
    const [object] = bob.store.objects.since(groupOf(ann), 0, null, 100).filter((o) => o.kind === 'message')
    if (object === undefined) throw new Error('there is a message')
    const before = bob.store.groups.get(other.spaceId as never)
    const bytes = new Uint8Array(object.bytes)
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    const from = { groupId: other.spaceId as never, memberId: 'cc'.repeat(16) as never }
    expect(await bob.handlers.onPush(from, { groupId: from.groupId, objects: [{ eid: object.eid, bytes }] })).toEqual(['rejected'])
    expect(bob.store.groups.get(other.spaceId as never)).toEqual(before)
  })
})

describe('calls', () => {
  const general = () => channelOf(ann)

  it('answer with what is then true, and the same is told as an event', async () => {
    const channel = await ann.api['channels.create']({ spaceId: space.spaceId, name: 'music', kind: 'open' })
    expect(channel).toMatchObject({ name: 'music', kind: 'open', unread: 0 })
    expect((await ann.api['spaces.list']({}))[0]?.channels.map((c) => c.name)).toEqual(['general', 'music'])
    const message = await say(ann, 'hello')
    expect(ann.events).toContainEqual({ event: 'message.added', data: message })
    expect(await ann.api['messages.get']({ messageId: message.messageId })).toEqual(message)
  })

  it('reply only to what is in the channel', async () => {
    const first = await say(ann, 'first')
    const reply = await ann.api['messages.send']({ channelId: general(), text: 'second', replyTo: first.messageId })
    expect(reply.replyTo).toBe(first.messageId)
    const { channelId } = await ann.api['channels.create']({ spaceId: space.spaceId, name: 'music', kind: 'open' })
    for (const replyTo of [first.messageId, 'ee'.repeat(16) as never]) {
      await expect(ann.api['messages.send']({ channelId, text: 'x', replyTo })).rejects.toMatchObject({ code: 'not-found' })
    }
  })

  it('mark as read, once and for good', async () => {
    await joinBy(ann, space, bob)
    await say(bob, 'one')
    await eventually(() => heard(ann), ['one'])
    expect((await ann.api['spaces.list']({}))[0]?.channels[0]?.unread).toBe(1)
    await ann.api['messages.markRead']({ channelId: general(), seq: 1 })
    expect(ann.events).toContainEqual({ event: 'channel.read', data: { channelId: general(), unread: 0, readSeq: 1 } })
    await ann.api['messages.markRead']({ channelId: general(), seq: 0 })
    expect((await ann.api['spaces.list']({}))[0]?.channels[0]?.unread).toBe(0)
  })

  it('list invitations that still let somebody in', async () => {
    const invite = (expiresInMs: number) =>
      ann.api['invitations.create']({ spaceId: space.spaceId, role: 'member', maxUses: null, expiresInMs })
    const [short, long] = [await invite(60_000), await invite(3_600_000)]
    town.clock.advance(60_001)
    expect((await ann.api['invitations.list']({ spaceId: space.spaceId })).map((i) => i.invitationId)).toEqual([long.invitationId])
    await ann.api['invitations.revoke']({ spaceId: space.spaceId, invitationId: long.invitationId })
    expect(await ann.api['invitations.list']({ spaceId: space.spaceId })).toEqual([])
    await expect(bob.api['invitations.read']({ link: short.link ?? '' })).rejects.toMatchObject({ code: 'invitation-expired' })
    expect(await bob.api['invitations.read']({ link: long.link ?? '' })).toMatchObject({ spaceName: 'Friends', expiresAt: long.expiresAt })
  })

  it.each<[string, (r: Resident) => Promise<unknown>]>([
    ['a space', (r) => r.api['members.list']({ spaceId: 'ee'.repeat(16) as never })],
    ['a channel to write to', (r) => r.api['messages.send']({ channelId: 'ee'.repeat(16) as never, text: 'x', replyTo: null })],
    [
      'a channel to read',
      (r) => r.api['messages.page']({ channelId: 'ee'.repeat(16) as never, limit: 1, before: null, after: null, around: null }),
    ],
    ['a channel to mark', (r) => r.api['messages.markRead']({ channelId: 'ee'.repeat(16) as never, seq: 1 })],
    ['a message', (r) => r.api['messages.get']({ messageId: 'ee'.repeat(16) as never })],
    ['an invitation', (r) => r.api['invitations.revoke']({ spaceId: space.spaceId, invitationId: 'ee'.repeat(16) as never })],
    ['a join', (r) => r.api['joins.cancel']({ joinId: 'ee'.repeat(16) as never })],
  ])('know when there is no such thing: %s', async (_, call) => {
    await expect(call(ann)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('rename the profile for the spaces to come, and remember settings', async () => {
    await ann.api['profile.rename']({ name: 'Anna' })
    await ann.api['settings.set']({ ...usualSettings, theme: 'dark', lockOnSuspend: true })
    await ann.restart()
    expect(await ann.api['settings.get']({})).toEqual({ ...usualSettings, theme: 'dark', lockOnSuspend: true })
    const other = await ann.api['spaces.create']({ name: 'Others' })
    expect((await ann.api['members.list']({ spaceId: other.spaceId })).map((m) => m.name)).toEqual(['Anna'])
  })

  it('refuse what is not there yet in words', async () => {
    const asked = ann.api['channels.create']({ spaceId: space.spaceId, name: 'x', kind: 'pseudonymous' })
    await expect(asked).rejects.toMatchObject({ code: 'invalid' })
  })
})

describe('joining', () => {
  it('stores whom to connect to in the same step: who crashes right after is not stranded', async () => {
    const { link } = await ann.api['invitations.create']({ spaceId: space.spaceId, role: 'member', maxUses: null, expiresInMs: 3_600_000 })
    const stored: unknown[] = []
    const { transaction } = bob.store
    bob.store.transaction = (work) => {
      const value = transaction(work)
      if (bob.store.groups.list().length > 0) stored.push(bob.store.peers.list().map((row) => row.peerId))
      return value
    }
    await bob.api['joins.start']({ link: link ?? '' })
    await eventually(() => stored.length > 0, true)
    expect(stored[0]).toEqual([ann.peerId])
  })
})

describe('the connection', () => {
  it('is told after a burst of changes, once', async () => {
    await joinBy(ann, space, bob)
    ann.events.length = 0
    town.clock.advance(99)
    expect(names(ann)).not.toContain('connection.changed')
    town.clock.advance(1)
    expect(names(ann).filter((n) => n === 'connection.changed')).toHaveLength(1)
    expect(ann.messenger.connection().peers).toMatchObject([{ peerId: bob.peerId, state: 'ready', members: [{ name: 'Bob' }] }])
  })

  it('tells what is known to be missing, and of whom', async () => {
    await joinBy(ann, space, bob)
    const memberId = bob.messenger.group(groupOf(bob)).self
    ann.store.transaction((tx) => tx.senders.put({ groupId: groupOf(ann), memberId, seq: 1, ahead: [4, 4], lastObject: null }))
    expect(ann.messenger.connection().missing).toEqual([{ spaceId: space.spaceId, memberId, name: 'Bob', messages: 2, asked: ['Bob'] }])
  })
})

describe('stopping', () => {
  it('leaves no timer that would find the store closed', async () => {
    await joinBy(ann, space, bob)
    town.clock.advance(5_000)
    const made = ann.api['channels.create']({ spaceId: space.spaceId, name: 'at the last moment', kind: 'open' })
    await ann.stop()
    expect((await made).name).toBe('at the last moment')
    ann.store.close()
    expect(() => town.clock.advance(3_600_000)).not.toThrow()
  })

  it('twice is stopping once', async () => {
    await ann.stop()
    await expect(ann.stop()).resolves.toBeUndefined()
  })
})
