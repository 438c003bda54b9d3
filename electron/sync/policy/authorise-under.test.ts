import { describe, expect, it } from 'vitest'
import type { ChannelId, GroupId, MemberId } from '../../../shared/domain/ids.ts'
import type { GroupKind, Role } from '../../../shared/domain/models.ts'
import { change, GROUP, idOf, invitation, people, person, settings } from '../../testing/fixtures/space-settings.ts'
import type { Person } from '../../testing/fixtures/space-settings.ts'
import { authorise } from './authorise.ts'
import type { SpaceSettings } from './settings.ts'
import { withMembers, withoutMember } from './transitions.ts'

const SPACE = idOf<GroupId>(0xab)
const FRESH = new Uint8Array(32).fill(7)

const under = (kind: Exclude<GroupKind, 'space'>, roles: Partial<Record<Person, Role>>): SpaceSettings =>
  settings({
    kind,
    invitations: [],
    channels: [{ channelId: idOf<ChannelId>(0xd0), name: 'plans', kind: 'private' }],
    roles: new Map(Object.entries(roles).map(([who, role]) => [people[who as Person], role])),
  })

const three = under('private', { owner: 'owner', member: 'member', guest: 'member' })
const two = under('direct', { owner: 'owner', member: 'owner' })

interface Wish {
  parent?: GroupId | null
  added?: Person[]
  removed?: Person[]
}

function verdict(author: Person, before: SpaceSettings, after: SpaceSettings, { parent = SPACE, added = [], removed = [] }: Wish = {}) {
  const staying = (Object.keys(people) as Person[]).filter((who) => before.roles.has(people[who]) && !removed.includes(who))
  return authorise(GROUP)(
    change(author, before, after, {
      ...{ parent, added: added.map((who) => person(who)), removed: removed.map((who) => person(who)) },
      staying: staying.map((who) => person(who)),
    }),
  )
}
const adding = (before: SpaceSettings, ...who: Person[]) =>
  withMembers(
    before,
    who.map((one) => people[one]),
  )
const without = (before: SpaceSettings, who: Person) => withoutMember(before, people[who], FRESH)

describe('in a private channel', () => {
  it('members add others, as members', () => {
    expect(verdict('member', three, adding(three, 'newcomer', 'stranger'), { added: ['newcomer', 'stranger'] })).toBeNull()
    const asOwner = { ...three, roles: new Map(three.roles).set(people.newcomer, 'owner' as const) }
    expect(verdict('owner', three, asOwner, { added: ['newcomer'] })).toBe('roles-changed')
    const guests = under('private', { owner: 'owner', guest: 'guest' })
    expect(verdict('guest', guests, adding(guests, 'newcomer'), { added: ['newcomer'] })).toBe('may-not-add')
    expect(verdict('owner', three, adding(three, 'member'), { added: ['member'] })).toBe('member-already')
    expect(verdict('owner', three, adding(three, 'newcomer'), { added: ['newcomer', 'newcomer'] })).toBe('added-twice')
  })

  it('nobody is invited, and there is one channel', () => {
    expect(verdict('owner', three, { ...three, invitations: [invitation({ createdBy: people.owner })] })).toBe('invitation-under-a-space')
    const [channel] = three.channels
    if (channel === undefined) throw new Error('a channel')
    expect(verdict('owner', three, { ...three, channels: [channel, { ...channel, channelId: idOf<ChannelId>(9) }] })).toBe(
      'not-one-channel',
    )
    expect(verdict('owner', three, { ...three, channels: [{ ...channel, channelId: idOf<ChannelId>(9) }] })).toBe('channel-changed')
    expect(verdict('owner', three, { ...three, channels: [{ ...channel, name: 'other' }] })).toBeNull()
    expect(verdict('member', three, { ...three, channels: [{ ...channel, name: 'other' }] })).toBe('may-not-manage-channels')
  })

  it('who stands as high as anybody who stays may remove anybody; the most senior is owner then', () => {
    const after = without(three, 'owner')
    expect([...after.roles.values()].sort()).toEqual(['member', 'owner'])
    expect(after.roles.get([people.member, people.guest].sort()[0] as MemberId)).toBe('owner')
    expect(verdict('member', three, after, { removed: ['owner'] })).toBeNull()
    expect(verdict('guest', three, after, { removed: ['owner'] })).toBeNull()
    expect(verdict('guest', three, without(three, 'member'), { removed: ['member'] })).toBe('may-not-remove')
    const admins = under('private', { owner: 'owner', admin: 'admin', member: 'member' })
    expect(verdict('member', admins, without(admins, 'owner'), { removed: ['owner'] })).toBe('may-not-remove')
    expect(verdict('admin', admins, without(admins, 'owner'), { removed: ['owner'] })).toBeNull()
    const mine = { ...after, roles: new Map(three.roles).set(people.guest, 'owner' as const) }
    expect(verdict('guest', three, mine, { removed: ['owner'] })).toBe('roles-changed')
  })

  it('the presence key changes with a removal', () => {
    const kept = { ...without(three, 'member'), presenceKey: three.presenceKey }
    expect(verdict('owner', three, kept, { removed: ['member'] })).toBe('presence-key-kept')
  })
})

describe('in a direct message', () => {
  it('the first adds the second, and nobody comes after', () => {
    const one = under('direct', { owner: 'owner' })
    expect(verdict('owner', one, adding(one, 'member'), { added: ['member'] })).toBeNull()
    expect(verdict('owner', one, adding(one, 'member', 'guest'), { added: ['member', 'guest'] })).toBe('direct-message-of-more-than-two')
    expect(verdict('owner', two, adding(two, 'guest'), { added: ['guest'] })).toBe('direct-message-of-more-than-two')
  })

  it('nothing else changes', () => {
    const [channel] = two.channels
    if (channel === undefined) throw new Error('a channel')
    expect(verdict('owner', two, { ...two, channels: [{ ...channel, name: 'other' }] })).toBe('may-not-manage-channels')
    expect(verdict('owner', two, { ...two, name: 'other' })).toBe('direct-message-changed')
    expect(verdict('owner', two, { ...two, history: { kind: 'all' } })).toBe('direct-message-changed')
    const lower = { ...two, roles: new Map(two.roles).set(people.owner, 'member' as const) }
    expect(verdict('owner', two, lower)).toBe('roles-changed')
    expect(verdict('owner', two, without(two, 'member'), { removed: ['member'] })).toBeNull()
  })
})

describe('what a group is', () => {
  it('never changes, and has to agree with what it is under', () => {
    expect(verdict('owner', three, { ...three, kind: 'direct' })).toBe('kind-changed')
    expect(verdict('owner', three, three, { parent: null })).toBe('settings-of-another-kind')
    expect(verdict('owner', settings(), settings())).toBe('settings-of-another-kind')
    expect(verdict('owner', settings(), settings(), { parent: null })).toBeNull()
  })
})
