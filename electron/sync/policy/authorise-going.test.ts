import { describe, expect, it } from 'vitest'
import type { Eid, GroupId, InvitationId, MemberId } from '../../../shared/domain/ids.ts'
import type { Role } from '../../../shared/domain/models.ts'
import { toCbor } from '../../kernel/cbor.ts'
import { change, deviceOf, GROUP, idOf, invitation, people, person, settings } from '../../testing/fixtures/space-settings.ts'
import type { Person } from '../../testing/fixtures/space-settings.ts'
import { invitationPublicKey } from '../invitations/keys.ts'
import { encodeLeaveData, signLeave } from '../members/leave-claim.ts'
import { authorise } from './authorise.ts'
import { withPresenceKey } from './recognition-key.ts'
import type { SpaceSettings } from './settings.ts'
import { withoutMember, withoutRemoved } from './transitions.ts'

const judge = authorise(GROUP)
const everyone = ['owner', 'admin', 'moderator', 'member', 'guest'] as const

/** Judges a change of the usual settings. */
const verdict = (author: Person, to: Partial<SpaceSettings>, more: Parameters<typeof change>[3] = {}, from = settings()) =>
  judge(change(author, from, { ...from, ...to }, more))

const KEY = new Uint8Array(32).fill(1)
const byNumber = <T>(each: T, n: number): T & { invitationId: InvitationId } => ({ ...each, invitationId: idOf<InvitationId>(0xb0 + n) })
const other = { invitationId: idOf<InvitationId>(0xc1), createdBy: people.admin }

describe('removal', () => {
  const removes = (by: Person, who: Person, tweak: (s: SpaceSettings) => Partial<SpaceSettings> = () => ({}), from = settings()) => {
    const after = withoutRemoved(from, people[who], KEY)
    return judge(change(by, from, { ...after, ...tweak(after) }, { removed: [person(who)] }))
  }

  it.each<[Person, Person[]]>([
    ['owner', ['admin', 'moderator', 'member', 'guest']],
    ['admin', ['moderator', 'member', 'guest']],
    ['moderator', ['member', 'guest']],
    ['member', []],
    ['guest', []],
  ])('%s removes %j and nobody else, themselves included', (by, allowed) => {
    for (const who of everyone) expect(removes(by, who)).toBe(allowed.includes(who) ? null : 'may-not-remove')
  })

  it('takes every device of the member', () => {
    const from = settings()
    const two = [person('guest'), { ...person('guest', 9), deviceId: deviceOf('stranger') }]
    const after = withoutRemoved(from, people.guest, KEY)
    const judged = (removed: typeof two, staying: typeof two) => judge(change('owner', from, after, { removed, staying }))
    expect(judged(two, [person('owner')])).toBeNull()
    expect(judged(two.slice(0, 1), [person('owner'), ...two.slice(1)])).toBe('device-left-behind')
  })

  it('ends the open invitations of the one who goes, also those that the one who removes could not end otherwise', () => {
    const from = settings({ invitations: [invitation({ createdBy: people.member, maxUses: 1 }), invitation({ ...other, maxUses: 1 })] })
    expect(removes('moderator', 'member', () => ({}), from)).toBeNull()
    expect(removes('moderator', 'member', () => ({ invitations: from.invitations }), from)).toBe('removed-keeps-invitation')
    const all = from.invitations.map((i) => ({ ...i, revoked: true }))
    expect(removes('moderator', 'member', () => ({ invitations: all }), from)).toBe('may-not-revoke')
  })

  it('ends all that more than one may use: by them, too, who goes would come back', () => {
    const from = settings({
      invitations: [invitation({ ...other, maxUses: 1 }), invitation({ maxUses: 2 }), invitation({ maxUses: null })].map(byNumber),
    })
    const ended = withoutRemoved(from, people.member, KEY).invitations
    expect(ended.map((i) => i.revoked)).toEqual([false, true, true])
    expect(removes('moderator', 'member', () => ({}), from)).toBeNull()
    for (const kept of [1, 2]) {
      const tweaked = ended.map((i, n) => (n === kept ? { ...i, revoked: false } : i))
      expect(removes('moderator', 'member', () => ({ invitations: tweaked }), from)).toBe('removed-keeps-invitation')
    }
  })

  it.each<[string, string, (s: SpaceSettings) => Partial<SpaceSettings>]>([
    ['a new name', 'may-not-rename', () => ({ name: 'Mine' })],
    ['a channel', 'may-not-manage-channels', () => ({ channels: [] })],
    ['what newcomers are given', 'may-not-set-history', () => ({ history: { kind: 'all' } })],
    ['a better role for the one who removes', 'roles-changed', (s) => ({ roles: new Map(s.roles).set(people.moderator, 'admin') })],
    ['a lower role for somebody else', 'roles-changed', (s) => ({ roles: new Map(s.roles).set(people.member, 'guest') })],
    [
      'an invitation for an admin',
      'may-not-invite',
      (s) => ({ invitations: [...s.invitations, invitation({ ...other, role: 'admin', createdBy: people.moderator, maxUses: 1 })] }),
    ],
  ])('by a moderator smuggles nothing in: %s', (_, reason, tweak) => {
    expect(removes('moderator', 'guest', tweak)).toBe(reason)
  })

  it.each<[string, string, (s: SpaceSettings) => Partial<SpaceSettings>]>([
    ['lets nobody keep a role', 'removed-keeps-role', (s) => ({ roles: new Map(s.roles).set(people.guest, 'guest') })],
    ['changes the presence key', 'presence-key-kept', () => ({ presenceKey: settings().presenceKey })],
    ['forgets the key from before', 'earlier-keys-changed', () => ({ earlierKeys: [] })],
    ['makes earlier keys up', 'earlier-keys-changed', (s) => ({ earlierKeys: [...s.earlierKeys, KEY] })],
    ['touches no other role', 'roles-changed', (s) => ({ roles: new Map(s.roles).set(people.member, 'guest') })],
  ])('%s', (_, reason, tweak) => {
    expect(removes('owner', 'guest', tweak)).toBe(reason)
  })

  it('does not take the last owner, whoever is left', () => {
    const roles = new Map<MemberId, Role>([
      [people.owner, 'owner'],
      [people.guest, 'guest'],
    ])
    expect(removes('owner', 'guest', () => ({}), settings({ roles }))).toBeNull()
    expect(removes('guest', 'owner', () => ({}), settings({ roles }))).toBe('may-not-remove')
  })

  it('of a leaf without a role needs the right all the same', () => {
    const after = withPresenceKey(settings(), KEY)
    expect(verdict('guest', after, { removed: [person('stranger')] })).toBe('may-not-remove')
    expect(verdict('moderator', after, { removed: [person('stranger')] })).toBeNull()
  })

  it('of several is judged one by one', () => {
    const roles = new Map(settings().roles)
    roles.delete(people.guest)
    roles.delete(people.admin)
    const to = { roles, invitations: [], ...withPresenceKey(settings(), KEY) }
    expect(verdict('moderator', to, { removed: [person('guest'), person('admin')] })).toBe('may-not-remove')
  })
})

describe('leaving', () => {
  const seed = new Uint8Array(32).fill(6)
  const leafOf = (who: Person) => ({ ...person(who), signatureKey: invitationPublicKey(seed) })
  interface Leave {
    by?: Person
    who?: Person
    from?: SpaceSettings
    claim?: { groupId?: GroupId; leafKey?: Uint8Array; seed?: Uint8Array; written?: Uint8Array }
    tweak?: (s: SpaceSettings) => SpaceSettings
    more?: Parameters<typeof change>[3]
  }
  function leaves({ by = 'guest', who = 'member', from = settings(), claim: said = {}, tweak = (s) => s, more = {} }: Leave = {}) {
    const gone = leafOf(who)
    const { groupId = GROUP, leafKey = gone.signatureKey } = said
    const data = encodeLeaveData(idOf<Eid>(0xf1), said.written ?? leafKey, signLeave(said.seed ?? seed, { groupId, leafKey }))
    const after = tweak(withoutMember(from, people[who], KEY))
    return judge(change(by, from, after, { removed: [gone], authenticatedData: data, ...more }))
  }
  const twoOwners = settings({ roles: new Map(settings().roles).set(people.admin, 'owner') })

  it.each(everyone.filter((who) => who !== 'member'))('is seen to by %s', (by) => {
    expect(leaves({ by })).toBeNull()
  })

  it.each(everyone.filter((who) => who !== 'owner' && who !== 'guest'))('is open to %s', (who) => {
    expect(leaves({ who })).toBeNull()
  })

  it('is open to an owner while there is another', () => {
    expect(leaves({ who: 'owner' })).toBe('no-owner-left')
    expect(leaves({ who: 'owner', from: twoOwners })).toBeNull()
  })

  it('is seen to by nobody without a role', () => {
    expect(leaves({ by: 'stranger' })).toBe('author-without-role')
  })

  it('takes every device along, whichever said so', () => {
    const second = { ...person('member', 9), deviceId: deviceOf('stranger') }
    expect(leaves({ more: { removed: [second, leafOf('member')] } })).toBeNull()
    expect(leaves({ more: { staying: [second] } })).toBe('device-left-behind')
  })

  it.each<[string, string, Leave]>([
    ['a claim by another key', 'leave-signature', { claim: { seed: new Uint8Array(32).fill(7) } }],
    ['a claim for another group', 'leave-signature', { claim: { groupId: idOf<GroupId>(0xa1) } }],
    ['a claim that speaks of another leaf', 'leave-of-another', { claim: { leafKey: new Uint8Array(32).fill(9) } }],
    ['a claim whose key is not the one that was signed', 'leave-of-another', { claim: { written: person('member').signatureKey } }],
    ['nobody who goes', 'leave-of-nobody', { more: { removed: [] } }],
    ['somebody else, too', 'leave-with-other-changes', { more: { removed: [leafOf('member'), person('moderator')] } }],
    ['a newcomer', 'leave-with-other-changes', { more: { added: [person('newcomer')] } }],
    ['the old presence key', 'presence-key-kept', { tweak: (s) => ({ ...s, presenceKey: settings().presenceKey, earlierKeys: [] }) }],
    ['the role that stays', 'leave-with-other-changes', { tweak: (s) => ({ ...s, roles: settings().roles }) }],
    [
      'a better role for the one who sees to it',
      'leave-with-other-changes',
      { tweak: (s) => ({ ...s, roles: new Map(s.roles).set(people.guest, 'admin') }) },
    ],
    ['an open invitation', 'leave-with-other-changes', { who: 'moderator', tweak: (s) => ({ ...s, invitations: [invitation()] }) }],
  ])('is not done with %s', (_, reason, leave) => {
    expect(leaves(leave)).toBe(reason)
  })

  it.each<[string, (s: SpaceSettings) => SpaceSettings]>([
    ['a name', (s) => ({ ...s, name: 'Mine' })],
    ['a channel', (s) => ({ ...s, channels: [] })],
    ['an invitation', (s) => ({ ...s, invitations: [] })],
    ['what newcomers are given', (s) => ({ ...s, history: { kind: 'all' } })],
  ])('changes %s for nobody, not even by an owner', (_, tweak) => {
    expect(leaves({ by: 'owner', tweak })).toBe('leave-with-other-changes')
  })

  it('is no way to be rid of somebody: without their claim it is a removal', () => {
    expect(leaves({ more: { authenticatedData: toCbor([1, new Uint8Array(16)]) } })).toBe('may-not-remove')
  })
})
