import { describe, expect, it } from 'vitest'
import type { ChannelId, InvitationId } from '../../../shared/domain/ids.ts'
import type { Role } from '../../../shared/domain/models.ts'
import type { Person } from '../../testing/fixtures/space-settings.ts'
import { AT, change, GROUP, idOf, invitation, people, person, REQUEST, settings, signed } from '../../testing/fixtures/space-settings.ts'
import { dayKeys } from '../mailbox/day-keys.ts'
import { authorise } from './authorise.ts'
import { EARLIER_KEYS, recognitionKey, withPresenceKey } from './recognition-key.ts'
import { decodeSettings, encodeSettings, settingsLimits } from './settings.ts'
import type { InvitationSettings, SpaceSettings } from './settings.ts'
import {
  invitationProblem,
  lacksOwner,
  withAdmission,
  withChannel,
  withChannelName,
  withFreeName,
  withHistory,
  withInvitation,
  withName,
  withoutInvitation,
  withoutMember,
  withRole,
} from './transitions.ts'

const admission = { invitationId: idOf<InvitationId>(0xc0), requestId: REQUEST, memberId: people.newcomer, at: AT, signature: signed() }
const channel = (name: string) => ({ channelId: idOf<ChannelId>(0xd9), name, kind: 'open' as const })
const frozen = (value: SpaceSettings): SpaceSettings =>
  Object.freeze({ ...value, channels: Object.freeze(value.channels), invitations: Object.freeze(value.invitations) }) as SpaceSettings

describe('withChannel', () => {
  it('adds it behind the others and leaves what it was given alone', () => {
    const before = frozen(settings())
    expect(withChannel(before, channel('films')).channels.map((c) => c.name)).toEqual(['general', 'music', 'films'])
    expect(before.channels).toHaveLength(2)
  })

  it('refuses a name that is there already, also in other letters', () => {
    expect(() => withChannel(settings(), channel('GENERAL'))).toThrow(expect.objectContaining({ code: 'invalid' }))
  })

  it('refuses more than a space holds', () => {
    const channels = Array.from({ length: settingsLimits.channels }, (_, i) => ({ ...channel(`c${i}`), channelId: `${i}` as ChannelId }))
    expect(() => withChannel(settings({ channels }), channel('one more'))).toThrow(expect.objectContaining({ code: 'too-large' }))
  })

  it('forgets the newest admission, which spoke of another commit', () => {
    expect(withChannel(settings({ admission }), channel('films')).admission).toBeNull()
  })
})

describe('invitationProblem', () => {
  it.each<[string, Partial<InvitationSettings>, number, string | null]>([
    ['in time', {}, AT, null],
    ['in its last millisecond', { expiresAt: AT }, AT, null],
    ['a millisecond late', { expiresAt: AT }, AT + 1, 'invitation-expired'],
    ['revoked', { revoked: true }, AT, 'invitation-revoked'],
    ['with its last use left', { maxUses: 2, uses: 1 }, AT, null],
    ['used up', { maxUses: 2, uses: 2 }, AT, 'invitation-used-up'],
    ['without a limit of uses', { maxUses: null, uses: 1_000_000 }, AT, null],
    [
      'revoked, late and used up: the decision of a person comes first',
      { revoked: true, maxUses: 1, uses: 1 },
      AT * 2,
      'invitation-revoked',
    ],
  ])('%s', (_, changes, at, expected) => {
    expect(invitationProblem(invitation(changes), at)).toBe(expected)
  })
})

describe('withInvitation', () => {
  const fresh = invitation({ invitationId: idOf(0xcf), createdBy: people.member })
  const many = (changes: (i: number) => Partial<InvitationSettings>) =>
    Array.from({ length: settingsLimits.invitations }, (_, i) =>
      invitation({ invitationId: i.toString(16).padStart(32, '0') as InvitationId, ...changes(i) }),
    )

  it('keeps those that ended while there is room', () => {
    const before = settings({ invitations: [invitation({ revoked: true })] })
    expect(withInvitation(before, fresh, AT).invitations).toHaveLength(2)
  })

  it('makes room by what admits nobody any more: revoked, used up, or expired and our own', () => {
    const before = settings({
      invitations: many((i) =>
        i === 0 ? { revoked: true } : i === 1 ? { maxUses: 1, uses: 1 } : i === 2 ? { createdBy: people.member } : {},
      ),
    })
    const after = withInvitation(before, fresh, AT + 5_000)
    expect(after.invitations).toHaveLength(settingsLimits.invitations - 2)
    expect(authorise(GROUP)(change('member', before, after))).toBeNull()
  })

  it('refuses when all are open', () => {
    expect(() => withInvitation(settings({ invitations: many(() => ({})) }), fresh, AT)).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    )
  })

  it("leaves others' expired ones, which only a clock tells from open ones", () => {
    const before = settings({ invitations: many(() => ({ expiresAt: 1 })) })
    expect(() => withInvitation(before, fresh, AT)).toThrow(expect.objectContaining({ code: 'too-large' }))
  })
})

describe('withoutInvitation', () => {
  it('marks it as revoked and nothing else', () => {
    const other = invitation({ invitationId: idOf(0xc1) })
    const after = withoutInvitation(settings({ invitations: [invitation(), other] }), idOf(0xc0))
    expect(after.invitations).toEqual([invitation({ revoked: true }), other])
  })

  it('knows when there is none', () => {
    expect(() => withoutInvitation(settings(), idOf(0xce))).toThrow(expect.objectContaining({ code: 'not-found' }))
  })
})

describe('withAdmission', () => {
  it.each<Role>(['guest', 'member', 'moderator'])('gives the newcomer the role of the invitation: %s', (role) => {
    const before = settings({ invitations: [invitation({ role })] })
    const after = withAdmission(before, admission)
    expect(after.roles.get(people.newcomer)).toBe(role)
    expect(after.invitations[0]?.uses).toBe(1)
    expect(before.roles.has(people.newcomer)).toBe(false)
    expect(authorise(GROUP)(change('member', before, after, { added: [person('newcomer')] }))).toBeNull()
  })

  it('counts the use of that invitation only', () => {
    const other = invitation({ invitationId: idOf(0xc1) })
    expect(withAdmission(settings({ invitations: [other, invitation()] }), admission).invitations.map((i) => i.uses)).toEqual([0, 1])
  })

  it('knows when there is no such invitation', () => {
    expect(() => withAdmission(settings({ invitations: [] }), admission)).toThrow(expect.objectContaining({ code: 'not-found' }))
  })
})

describe('withChannelName', () => {
  const [general, music] = settings().channels
  if (general === undefined || music === undefined) throw new Error('there are two channels')

  it('changes the name of one, which keeps its place', () => {
    const before = frozen(settings())
    expect(withChannelName(before, general.channelId, 'lobby').channels).toEqual([{ ...general, name: 'lobby' }, music])
    expect(before.channels).toEqual([general, music])
  })

  it("takes its own name in other letters, and nobody else's", () => {
    expect(withChannelName(settings(), general.channelId, 'General').channels[0]?.name).toBe('General')
    expect(() => withChannelName(settings(), general.channelId, 'MUSIC')).toThrow(expect.objectContaining({ code: 'invalid' }))
  })

  it('finds a free name for one that is made again, within the length of names', () => {
    const again = (name: string) => withFreeName(settings(), { ...channel(name) }).name
    expect([again('films'), again('GENERAL')]).toEqual(['films', 'GENERAL (2)'])
    // The one that was made again lost against another such one.
    const twice = withChannel(settings(), { ...channel('general (2)'), channelId: idOf<ChannelId>(0xe2) })
    expect(withFreeName(twice, channel('General (2)')).name).toBe('General (3)')
    const long = `${'x'.repeat(58)}😀xxxx`
    const taken = withChannel(settings(), { ...channel(long), channelId: idOf<ChannelId>(0xe1) })
    expect(withFreeName(taken, channel(long)).name).toBe(`${'x'.repeat(58)}😀 (2)`)
  })

  it('knows when there is no such channel', () => {
    expect(() => withChannelName(settings(), idOf<ChannelId>(0xde), 'x')).toThrow(expect.objectContaining({ code: 'not-found' }))
  })
})

describe('withName and withHistory', () => {
  it('change that and nothing else, and forget the newest admission', () => {
    const before = frozen(settings({ admission }))
    expect(withName(before, 'Old friends')).toEqual({ ...settings(), name: 'Old friends' })
    expect(withHistory(before, { kind: 'all' })).toEqual({ ...settings(), history: { kind: 'all' } })
  })
})

describe('withRole', () => {
  const before = frozen(
    settings({ invitations: [invitation({ role: 'moderator' }), invitation({ invitationId: idOf(0xc1), role: 'guest' })] }),
  )

  it('gives the role, and ends what its holder could not invite to any more', () => {
    const after = withRole(before, people.moderator, 'member')
    expect(after.roles.get(people.moderator)).toBe('member')
    expect(after.invitations.map((i) => i.revoked)).toEqual([true, false])
    expect(before.roles.get(people.moderator)).toBe('moderator')
    expect(authorise(GROUP)(change('owner', before, after))).toBeNull()
  })

  it('of a guest ends all that they invited to', () => {
    expect(withRole(before, people.moderator, 'guest').invitations.map((i) => i.revoked)).toEqual([true, true])
  })

  it('that is higher ends nothing', () => {
    expect(withRole(before, people.moderator, 'admin').invitations).toEqual(before.invitations)
  })

  it('is of members alone', () => {
    expect(() => withRole(before, people.stranger, 'guest')).toThrow(expect.objectContaining({ code: 'not-found' }))
  })
})

describe('withoutMember', () => {
  const key = new Uint8Array(32).fill(1)

  it('takes role and open invitations, and makes the group known by another key', () => {
    const before = frozen(
      settings({ invitations: [invitation(), invitation({ invitationId: idOf(0xc1), createdBy: people.admin, maxUses: 1 })] }),
    )
    const after = withoutMember(before, people.moderator, key)
    expect(after.roles.has(people.moderator)).toBe(false)
    expect(after.invitations.map((i) => i.revoked)).toEqual([true, false])
    expect(after.presenceKey).toEqual(key)
    expect(after.earlierKeys).toEqual([recognitionKey(before.presenceKey)])
    expect(withoutMember(after, people.guest, key).earlierKeys).toEqual(after.earlierKeys)
    expect(before.roles.has(people.moderator)).toBe(true)
    expect(authorise(GROUP)(change('admin', before, after, { removed: [person('moderator')] }))).toBeNull()
  })
})

describe('the earlier keys', () => {
  it('are the newest, of as many removals as are kept', () => {
    const keys = Array.from({ length: EARLIER_KEYS + 2 }, (_, n) => new Uint8Array(32).fill(n + 1))
    const after = keys.reduce<SpaceSettings>((before, key) => ({ ...before, ...withPresenceKey(before, key) }), settings())
    expect(after.earlierKeys).toEqual(keys.slice(1, -1).reverse().map(recognitionKey))
    expect(decodeSettings(encodeSettings(after))).toEqual(after)
  })

  it('open nothing that the presence key opens', () => {
    const key = settings().presenceKey
    expect(dayKeys(GROUP, recognitionKey(key), 20_000).tag).not.toEqual(dayKeys(GROUP, key, 20_000).tag)
  })
})

describe('lacksOwner', () => {
  it.each<[string, [Person, Role][], boolean]>([
    ['with one', [['guest', 'owner']], false],
    ['with others only', [['guest', 'admin']], true],
    ['with nobody', [], false],
  ])('%s', (_, roles, expected) => {
    expect(lacksOwner({ roles: new Map(roles.map(([who, role]) => [people[who], role])) })).toBe(expected)
  })
})
