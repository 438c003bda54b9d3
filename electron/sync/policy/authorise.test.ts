import { describe, expect, it } from 'vitest'
import type { DeviceId, Eid, GroupId, InvitationId } from '../../../shared/domain/ids.ts'
import type { Role } from '../../../shared/domain/models.ts'
import type { ProposedChange } from '../../crypto/mls/group-engine.ts'
import {
  AT,
  change,
  deviceOf,
  GROUP,
  idOf,
  invitation,
  people,
  person,
  REQUEST,
  settings,
  signed,
} from '../../testing/fixtures/space-settings.ts'
import type { Person } from '../../testing/fixtures/space-settings.ts'
import { toCbor } from '../../kernel/cbor.ts'
import { systemRandom } from '../../kernel/random.ts'
import { invitationPublicKey } from '../invitations/keys.ts'
import { encodeReturnData, signReturn } from '../returning/claim.ts'
import { authorise } from './authorise.ts'
import { newChannelId } from './channel-id.ts'
import type { Admission, InvitationSettings, SpaceSettings } from './settings.ts'
import { withAdmission } from './transitions.ts'

const judge = authorise(GROUP)
const OTHER_GROUP = idOf<GroupId>(0xb0)
const C0 = idOf<InvitationId>(0xc0)
const everyone = ['owner', 'admin', 'moderator', 'member', 'guest'] as const

/** Judges a change of the usual settings. */
const verdict = (author: Person, to: Partial<SpaceSettings>, more: Parameters<typeof change>[3] = {}, from = settings()) =>
  judge(change(author, from, { ...from, ...to }, more))

const only = (allowed: readonly Person[], reason: string) =>
  everyone.map((who) => [who, allowed.includes(who) ? null : reason] as const satisfies readonly [Person, string | null])

describe('a commit that changes nothing', () => {
  it.each(everyone)('is open to every member: %s', (who) => {
    expect(verdict(who, {})).toBeNull()
  })

  it('is refused from someone without a role', () => {
    expect(verdict('stranger', {})).toBe('author-without-role')
  })

  it.each(['settingsBefore', 'settingsAfter'] as const)('is refused with damaged %s', (field) => {
    expect(verdict('owner', {}, { [field]: new Uint8Array([1, 2, 3]) })).toBe('settings-malformed')
  })
})

describe('what stays as it is', () => {
  it.each(everyone)('the time of creation, even for %s', (who) => {
    expect(verdict(who, { createdAt: 1 })).toBe('creation-changed')
  })

  it.each(everyone)('the presence key while nobody leaves, even for %s', (who) => {
    expect(verdict(who, { presenceKey: new Uint8Array(32) })).toBe('presence-key-changed')
  })
})

describe('renaming the space', () => {
  it.each(only(['owner', 'admin'], 'may-not-rename'))('by %s: %s', (who, expected) => {
    expect(verdict(who, { name: 'Enemies' })).toBe(expected)
  })
})

describe('channels', () => {
  const [general, music] = settings().channels
  if (general === undefined || music === undefined) throw new Error('there are two channels')
  const films = { channelId: newChannelId(GROUP, systemRandom), name: 'films', kind: 'open' as const }

  it.each(only(['owner', 'admin'], 'may-not-manage-channels'))('made by %s: %s', (who, expected) => {
    expect(verdict(who, { channels: [general, music, films] })).toBe(expected)
  })

  it.each([
    ['dropped', [general]],
    ['renamed', [general, { ...music, name: 'noise' }]],
    ['reordered', [music, general]],
    ['of another kind', [general, { ...music, kind: 'private' as const }]],
    ['under another id', [general, { ...music, channelId: films.channelId }]],
  ])('%s by a member without the right', (_, channels) => {
    expect(verdict('moderator', { channels })).toBe('may-not-manage-channels')
    expect(verdict('admin', { channels })).toBeNull()
  })

  it('with the id of one of another group by nobody', () => {
    const theirs = { ...films, channelId: newChannelId(OTHER_GROUP, systemRandom) }
    expect(verdict('owner', { channels: [general, music, theirs] })).toBe('channel-of-another-group')
    expect(verdict('member', { channels: [general, music, theirs] })).toBe('may-not-manage-channels')
  })
})

describe('what newcomers are given of the history', () => {
  it.each(only(['owner', 'admin'], 'may-not-set-history'))('is set by %s: %s', (who, expected) => {
    expect(verdict(who, { history: { kind: 'last', count: 50 } })).toBe(expected)
    expect(verdict(who, { history: { kind: 'none' } }, {}, settings({ history: { kind: 'all' } }))).toBe(expected)
  })
})

interface Entry {
  by?: Person
  before?: Partial<SpaceSettings>
  admission?: Partial<Admission>
  added?: ProposedChange['added']
  tweak?: (after: SpaceSettings) => SpaceSettings
}

/** Somebody lets the newcomer in, as it should be but for what is told. */
function admits({ by = 'member', before = {}, admission = {}, added = [person('newcomer')], tweak = (s) => s }: Entry = {}): string | null {
  const from = settings(before)
  const whole: Admission = { invitationId: C0, requestId: REQUEST, memberId: people.newcomer, at: AT, signature: signed(), ...admission }
  const honest = from.invitations.some((i) => i.invitationId === whole.invitationId)
    ? withAdmission(from, whole)
    : { ...from, roles: new Map(from.roles).set(whole.memberId, 'member'), admission: whole }
  return judge(change(by, from, tweak(honest), { added }))
}

const withInvitations = (...changes: Partial<InvitationSettings>[]) => ({ invitations: changes.map((c) => invitation(c)) })

describe('admission', () => {
  it.each(only(['owner', 'admin', 'moderator', 'member'], 'may-not-admit'))('by %s: %s', (by, expected) => {
    expect(admits({ by })).toBe(expected)
  })

  it('also to a higher role than the one who opens the door has', () => {
    expect(admits({ before: withInvitations({ role: 'admin' }) })).toBeNull()
  })

  it('up to the last moment and the last use', () => {
    expect(admits({ before: withInvitations({ maxUses: 2, uses: 1, expiresAt: AT }) })).toBeNull()
  })

  it.each<[string, string, Entry]>([
    ['without a word of why', 'admission-missing', { tweak: (s) => ({ ...s, admission: null }) }],
    ['of another than it speaks of', 'admission-missing', { added: [person('stranger')] }],
    ['of two at once', 'more-than-one-newcomer', { added: [person('newcomer'), person('stranger')] }],
    ['of one newcomer with two devices', 'more-than-one-newcomer', { added: [person('newcomer'), person('newcomer', 9)] }],
    ['by an invitation that is not there', 'invitation-unknown', { admission: { invitationId: idOf(0xcf) } }],
    ['by one that expired', 'invitation-expired', { before: withInvitations({ expiresAt: AT - 1 }) }],
    ['by one that is used up', 'invitation-used-up', { before: withInvitations({ maxUses: 3, uses: 3 }) }],
    ['by one that was revoked', 'invitation-revoked', { before: withInvitations({ revoked: true }) }],
    ['of somebody who is in', 'member-already', { added: [person('guest')], admission: { memberId: people.guest } }],
  ])('%s', (_, reason, entry) => {
    expect(admits(entry)).toBe(reason)
  })

  const other = new Uint8Array(32).fill(8)
  it.each<[string, Uint8Array]>([
    ['by another key', signed({}, other)],
    ['for another member', signed({ memberId: people.stranger })],
    ['for another device', signed({ deviceId: deviceOf('stranger') })],
    ['for another group', signed({ groupId: idOf<GroupId>(0xa1) })],
    ['for another invitation', signed({ invitationId: idOf(0xc1) })],
    ['for another request', signed({ requestId: idOf(0xb1) })],
    ['of zeros', new Uint8Array(64)],
    ['with one bit changed', signed().map((byte, i) => (i === 63 ? byte ^ 1 : byte))],
  ])('with a signature %s', (_, signature) => {
    expect(admits({ admission: { signature } })).toBe('admission-signature')
  })

  it('of a member whose device is not the one that was signed for', () => {
    expect(admits({ added: [{ ...person('newcomer'), deviceId: idOf<DeviceId>(0x77) }] })).toBe('admission-signature')
  })

  it('in a group it was not signed for', () => {
    const from = settings()
    const after = withAdmission(from, { invitationId: C0, requestId: REQUEST, memberId: people.newcomer, at: AT, signature: signed() })
    expect(authorise(idOf<GroupId>(0xa1))(change('member', from, after, { added: [person('newcomer')] }))).toBe('admission-signature')
  })

  it('by an invitation whose key no curve has', () => {
    expect(admits({ before: withInvitations({ publicKey: new Uint8Array(32).fill(0xff) }) })).toBe('admission-signature')
  })

  it.each<[string, string, (s: SpaceSettings) => SpaceSettings]>([
    ['more than the invitation gives', 'roles-changed', (s) => ({ ...s, roles: new Map(s.roles).set(people.newcomer, 'admin') })],
    ['the newcomer no role', 'roles-changed', (s) => ({ ...s, roles: settings().roles })],
    ['somebody else one besides', 'roles-changed', (s) => ({ ...s, roles: new Map(s.roles).set(people.stranger, 'member') })],
    ['the one who admits a better one', 'roles-changed', (s) => ({ ...s, roles: new Map(s.roles).set(people.member, 'owner') })],
    ['the space another name', 'may-not-rename', (s) => ({ ...s, name: 'Mine' })],
    ['the presence key', 'presence-key-changed', (s) => ({ ...s, presenceKey: new Uint8Array(32) })],
    ['an earlier key', 'earlier-keys-changed', (s) => ({ ...s, earlierKeys: [new Uint8Array(32)] })],
    ['no use', 'invitation-uses', (s) => ({ ...s, invitations: [invitation()] })],
    ['two uses', 'invitation-uses', (s) => ({ ...s, invitations: [invitation({ uses: 2 })] })],
    ['the invitation away', 'may-not-drop-invitation', (s) => ({ ...s, invitations: [] })],
  ])('does not give %s', (_, reason, tweak) => {
    expect(admits({ tweak })).toBe(reason)
  })

  it('counts the use of the invitation it names, not of another', () => {
    const two = { invitations: [invitation(), invitation({ invitationId: idOf(0xc1) })] }
    const swapped = { invitations: [invitation(), invitation({ invitationId: idOf(0xc1), uses: 1 })] }
    expect(admits({ before: two, tweak: (s) => ({ ...s, ...swapped }) })).toBe('invitation-uses')
  })
})

describe('an admission that adds nobody', () => {
  const old: Admission = { invitationId: C0, requestId: REQUEST, memberId: people.guest, at: AT, signature: signed() }

  it('may stay from the commit before, and may go', () => {
    expect(verdict('guest', {}, {}, settings({ admission: old }))).toBeNull()
    expect(verdict('guest', { admission: null }, {}, settings({ admission: old }))).toBeNull()
  })

  it.each<[string, Admission | null, Admission]>([
    ['out of nowhere', null, old],
    ['with another signature', old, { ...old, signature: signed({ requestId: idOf(0xb1) }) }],
    ['of somebody else, under the old signature', old, { ...old, memberId: people.stranger }],
    ['at another time, under the old signature', old, { ...old, at: AT + 1 }],
  ])('may not appear %s', (_, was, is) => {
    expect(verdict('owner', { admission: is }, {}, settings({ admission: was }))).toBe('admission-of-nobody')
  })
})

describe('a fresh leaf in place of an old one', () => {
  const seed = new Uint8Array(32).fill(4)
  const old = person('member')
  const fresh = { ...old, signatureKey: invitationPublicKey(seed), reference: idOf<string>(0xf0) }
  const honest = { groupId: GROUP, leafKey: old.signatureKey, reference: fresh.reference }
  const data = (signature: Uint8Array) => encodeReturnData(idOf<Eid>(0xf1), signature)
  const exchange = {
    added: [fresh],
    removed: [old],
    authenticatedData: data(signReturn(seed, honest)),
  }

  it.each(everyone)('may be given by %s', (by) => {
    expect(verdict(by, {}, exchange)).toBeNull()
  })

  it('is given by nobody without a role', () => {
    expect(verdict('stranger', {}, exchange)).toBe('author-without-role')
  })

  it.each<[string, string, Parameters<typeof change>[3]]>([
    ['nothing that claims it', 'return-without-claim', { authenticatedData: new Uint8Array() }],
    ['what other commits carry', 'return-without-claim', { authenticatedData: toCbor([1, new Uint8Array(16)]) }],
    ['a name that is another', 'return-under-another-name', { added: [{ ...fresh, name: 'somebody' }] }],
    ['a claim by another key', 'return-signature', { authenticatedData: data(signReturn(new Uint8Array(32).fill(5), honest)) }],
    ['a claim to another leaf', 'return-signature', { removed: [{ ...old, signatureKey: new Uint8Array(32).fill(99) }] }],
    ['another key package than was signed for', 'return-signature', { added: [{ ...fresh, reference: idOf(0xf2) }] }],
    [
      'a claim for another group',
      'return-signature',
      { authenticatedData: data(signReturn(seed, { ...honest, groupId: idOf<GroupId>(0xa1) })) },
    ],
    ['a signature of zeros', 'return-signature', { authenticatedData: data(new Uint8Array(64)) }],
  ])('is not given with %s', (_, reason, more) => {
    expect(verdict('owner', {}, { ...exchange, ...more })).toBe(reason)
  })

  it.each<[string, Partial<SpaceSettings>]>([
    ['a role', { roles: new Map(settings().roles).set(people.member, 'owner') }],
    ['the presence key', { presenceKey: new Uint8Array(32) }],
    ['a channel', { channels: [] }],
    ['an admission', { admission: { invitationId: C0, requestId: REQUEST, memberId: people.member, at: AT, signature: signed() } }],
  ])('changes %s for nobody, not even by an owner', (_, to) => {
    expect(verdict('owner', to, exchange)).toBe('return-with-other-changes')
  })

  it.each<[string, Parameters<typeof change>[3]]>([
    ['another member', { added: [{ ...fresh, memberId: people.stranger }] }],
    ['another device', { added: [{ ...fresh, deviceId: deviceOf('guest') }] }],
    ['two', { added: [fresh, { ...fresh, deviceId: deviceOf('guest'), leafIndex: 9 }] }],
    ['one for two', { removed: [old, { ...old, leafIndex: 9, deviceId: deviceOf('guest') }] }],
    ['one beside the old', { removed: [] }],
    ['one of somebody in place of somebody else', { removed: [person('guest')] }],
  ])('is nothing else: %s', (_, more) => {
    for (const by of everyone) expect(verdict(by, {}, { ...exchange, ...more })).not.toBeNull()
  })
})

describe('making an invitation', () => {
  const fresh = (author: Person, changes: Partial<InvitationSettings> = {}) =>
    verdict(author, {
      invitations: [invitation(), invitation({ invitationId: idOf(0xc1), createdBy: people[author], role: 'guest', ...changes })],
    })

  it.each(only(['owner', 'admin', 'moderator', 'member'], 'may-not-invite'))('by %s: %s', (who, expected) => {
    expect(fresh(who)).toBe(expected)
  })

  it.each<[Person, Role[]]>([
    ['owner', ['admin', 'moderator', 'member', 'guest']],
    ['admin', ['admin', 'moderator', 'member', 'guest']],
    ['moderator', ['moderator', 'member', 'guest']],
    ['member', ['member', 'guest']],
  ])('%s gives no more than they have: %j', (who, allowed) => {
    for (const role of everyone) expect(fresh(who, { role })).toBe(allowed.includes(role) ? null : 'may-not-invite')
  })

  it.each<[string, Partial<InvitationSettings>]>([
    ["in another's name", { createdBy: people.owner }],
    ['in the name of nobody', { createdBy: people.stranger }],
  ])('%s', (_, changes) => {
    expect(fresh('admin', changes)).toBe('invitation-in-anothers-name')
  })

  it.each<[string, Partial<InvitationSettings>]>([
    ['with uses already counted', { uses: 1 }],
    ['revoked from the beginning', { revoked: true }],
  ])('%s', (_, changes) => {
    expect(fresh('admin', changes)).toBe('invitation-not-fresh')
  })
})

describe('changing an invitation', () => {
  const changes = (author: Person, to: Partial<InvitationSettings>, from: Partial<InvitationSettings> = {}) =>
    verdict(author, { invitations: [invitation({ ...from, ...to })] }, {}, settings({ invitations: [invitation(from)] }))

  it('is revoking it, by its maker or whoever manages roles', () => {
    for (const who of everyone) {
      expect(changes(who, { revoked: true })).toBe(who === 'member' || who === 'guest' ? 'may-not-revoke' : null)
    }
    expect(changes('moderator', { revoked: true }, { createdBy: people.member })).toBe('may-not-revoke')
    expect(changes('member', { revoked: true }, { createdBy: people.member })).toBeNull()
  })

  it('is never taking a revocation back', () => {
    for (const who of everyone) expect(changes(who, { revoked: false }, { revoked: true })).toBe('may-not-revoke')
  })

  it.each<[string, Partial<InvitationSettings>]>([
    ['key', { publicKey: new Uint8Array(32).fill(5) }],
    ['role', { role: 'admin' }],
    ['maker', { createdBy: people.owner }],
    ['end', { expiresAt: AT * 2 }],
    ['number of uses', { maxUses: null }],
  ])('is not changing its %s, even for the owner and its maker', (_, to) => {
    for (const who of ['owner', 'moderator'] as const) expect(changes(who, to)).toBe('invitation-changed')
  })

  it.each([1, 0])('is not counting uses nobody made', (uses) => {
    expect(changes('owner', { uses }, { uses: uses === 0 ? 1 : 0 })).toBe('invitation-uses')
  })
})

describe('dropping an invitation', () => {
  const drops = (author: Person, was: Partial<InvitationSettings>) =>
    verdict(author, { invitations: [] }, {}, settings({ invitations: [invitation(was)] }))

  it('that may still admit somebody is for those who may revoke it', () => {
    for (const who of everyone) expect(drops(who, {})).toBe(who === 'member' || who === 'guest' ? 'may-not-drop-invitation' : null)
  })

  it.each<[string, Partial<InvitationSettings>]>([
    ['revoked', { revoked: true }],
    ['used up', { maxUses: 1, uses: 1 }],
  ])('that is %s is for everyone', (_, was) => {
    for (const who of everyone) expect(drops(who, was)).toBeNull()
  })

  it('that has expired is not, since members judge without a clock', () => {
    expect(drops('member', { expiresAt: 0 })).toBe('may-not-drop-invitation')
  })
})
