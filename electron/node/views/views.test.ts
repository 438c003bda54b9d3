import { beforeEach, describe, expect, it } from 'vitest'
import type { MemberId, MessageId } from '../../../shared/domain/ids.ts'
import { spaceOfGroup } from '../../../shared/domain/ids.ts'
import type { Role } from '../../../shared/domain/models.ts'
import { bring, general, linkOf, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../testing/fixtures/group-world.ts'
import { channelView, invitationView, memberViews, messageView, messageViews, spaceView, spaceViews } from './views.ts'

let world: World
let ann: Device
let bob: Device
beforeEach(async () => {
  world = await makeWorld('views')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob')
})

const rowOf = (device: Device, id: MessageId) => {
  const row = device.store.messages.get(id)
  if (row === null) throw new Error('the message is stored')
  return row
}

describe('a space', () => {
  it('is shown with what this profile may do there', () => {
    expect(spaceView(ann.store, SPACE)).toMatchObject({
      spaceId: spaceOfGroup(SPACE),
      name: 'Friends',
      role: 'owner',
      may: { invite: true, manageChannels: true, send: true },
      memberCount: 2,
      astray: false,
    })
    expect(spaceView(bob.store, SPACE)).toMatchObject({ role: 'member', may: { invite: true, manageChannels: false, send: true } })
  })

  it('that is not there is not shown', () => {
    expect(spaceView(ann.store, 'ff'.repeat(16) as never)).toBeNull()
    expect(spaceViews(world.device('Zoe').store)).toEqual([])
  })

  it('counts members that are still there, and tells whether it lost touch', () => {
    ann.store.transaction((tx) => {
      const [space, channels, members] = [tx.directory.space(SPACE), tx.directory.channels(SPACE), tx.directory.members(SPACE)]
      if (space)
        tx.directory.replace(
          space,
          channels,
          members.filter((m) => m.memberId === ann.group.self),
        )
      const row = tx.groups.get(SPACE)
      if (row) tx.settings.set(`astray/${SPACE}`, new Uint8Array())
    })
    expect(spaceView(ann.store, SPACE)).toMatchObject({ memberCount: 1, astray: true })
  })
})

describe('a channel', () => {
  it("counts what others wrote and this profile has not read, and nothing of one's own", async () => {
    await bob.send('one')
    await bob.send('two')
    await bring(bob, ann)
    await ann.send('mine')
    const [row] = ann.store.directory.channels(SPACE)
    expect(row && channelView(ann.store, row).unread).toBe(2)
    ann.store.transaction((tx) => tx.messages.markRead(general(ann), 1))
    expect(row && channelView(ann.store, row).unread).toBe(1)
  })
})

describe('members', () => {
  it('are shown by role, then by name; those who left are not', () => {
    const row = (name: string, role: Role, active = true) => ({
      groupId: SPACE,
      memberId: Buffer.from(name.padEnd(16)).toString('hex') as MemberId,
      name,
      role,
      devices: 1,
      active,
    })
    ann.store.transaction((tx) => {
      const space = tx.directory.space(SPACE)
      const rows = [
        row('zoe', 'admin'),
        row('Bea', 'guest'),
        row('ada', 'member'),
        row('Ben', 'admin'),
        row('Gone', 'owner', false),
        row('Max', 'moderator'),
      ]
      if (space) tx.directory.replace(space, [], rows)
    })
    expect(memberViews(ann.store, SPACE, new Set()).map((m) => m.name)).toEqual(['Ben', 'zoe', 'Max', 'ada', 'Bea'])
  })

  it('are online when a session is open; oneself always is', () => {
    const online = (who: Iterable<MemberId>) => memberViews(ann.store, SPACE, new Set(who)).map((m) => [m.name, m.online, m.self])
    expect(online([])).toEqual([
      ['Ann', true, true],
      ['Bob', false, false],
    ])
    expect(online([bob.group.self])).toContainEqual(['Bob', true, false])
  })
})

describe('a message', () => {
  it('of our own tells how far it got', async () => {
    const id = await ann.send('hello')
    expect(messageView(ann.store, rowOf(ann, id))).toMatchObject({
      author: { name: 'Ann', self: true },
      text: 'hello',
      delivery: { state: 'stored', delivered: 0, recipients: 1 },
      seq: 1,
    })
    ann.store.transaction((tx) => tx.deliveries.ack(rowOf(ann, id).objectId, bob.group.self, 5))
    expect(messageView(ann.store, rowOf(ann, id)).delivery.state).toBe('delivered')
  })

  it('of another is simply here', async () => {
    const id = await bob.send('hello')
    await bring(bob, ann)
    expect(messageView(ann.store, rowOf(ann, id))).toMatchObject({ author: { name: 'Bob', self: false }, delivery: { state: 'delivered' } })
  })

  it('of somebody who left still has a name; of somebody never heard of it says so', async () => {
    const id = await bob.send('bye')
    await bring(bob, ann)
    ann.store.transaction((tx) => {
      const space = tx.directory.space(SPACE)
      if (space) tx.directory.replace(space, [], [])
    })
    expect(messageView(ann.store, rowOf(ann, id)).author.name).toBe('Bob')
    const stranger = { ...rowOf(ann, id), author: 'ff'.repeat(16) as MemberId }
    expect(messageView(ann.store, stranger).author.name).toBe('Unknown member')
  })

  it('that is not there is left out', async () => {
    const id = await ann.send('hello')
    expect(messageViews(ann.store, ['ee'.repeat(16) as MessageId, id]).map((m) => m.text)).toEqual(['hello'])
  })
})

describe('an invitation', () => {
  it('has its link only where it was made', async () => {
    const { invitationId } = await linkOf(ann, 'guest', { maxUses: 3 })
    await bring(ann, bob)
    const view = (device: Device) => {
      const invitation = device.group.tip.settings.invitations.find((i) => i.invitationId === invitationId)
      return invitation && invitationView(device.group, device.store, invitation)
    }
    expect(view(ann)).toMatchObject({
      role: 'guest',
      madeAt: world.clock.now(),
      uses: 0,
      maxUses: 3,
      link: expect.stringMatching(/^spacepanda:join/) as string,
    })
    expect(view(bob)).toMatchObject({ createdBy: ann.group.self, madeAt: null, link: null })
    expect(JSON.stringify(view(bob))).not.toContain('publicKey')
  })
})
