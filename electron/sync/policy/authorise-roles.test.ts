import { describe, expect, it } from 'vitest'
import type { MemberId } from '../../../shared/domain/ids.ts'
import type { Role } from '../../../shared/domain/models.ts'
import { change, GROUP, idOf, invitation, people, settings } from '../../testing/fixtures/space-settings.ts'
import type { Person } from '../../testing/fixtures/space-settings.ts'
import { authorise } from './authorise.ts'
import type { InvitationSettings, SpaceSettings } from './settings.ts'

const judge = authorise(GROUP)
const everyone = ['owner', 'admin', 'moderator', 'member', 'guest'] as const

/** Judges a change of the usual settings. */
const verdict = (author: Person, to: Partial<SpaceSettings>, more: Parameters<typeof change>[3] = {}, from = settings()) =>
  judge(change(author, from, { ...from, ...to }, more))

describe('a role', () => {
  const withRoles = (...changes: [Person, Role][]) => {
    const roles = new Map(settings().roles)
    for (const [who, role] of changes) roles.set(people[who], role)
    return { roles }
  }
  const noInvitations = settings({ invitations: [] })
  const gives = (by: Person, ...changes: [Person, Role][]) => verdict(by, withRoles(...changes), {}, noInvitations)

  it.each<[Person, Person, Role[]]>([
    ['owner', 'admin', ['owner', 'moderator', 'member', 'guest']],
    ['owner', 'guest', ['owner', 'admin', 'moderator', 'member']],
    ['admin', 'moderator', ['admin', 'member', 'guest']],
    ['admin', 'guest', ['admin', 'moderator', 'member']],
    ['admin', 'owner', []],
    ['moderator', 'guest', []],
    ['moderator', 'admin', []],
    ['member', 'guest', []],
    ['guest', 'member', []],
  ])('%s gives %s one of %j and no other', (by, whom, allowed) => {
    for (const role of everyone.filter((r) => r !== whom)) {
      const expected = allowed.includes(role)
      expect([role, gives(by, [whom, role]) === null]).toEqual([role, expected])
    }
  })

  it('is never raised by its holder, and is given up by whoever wants to', () => {
    for (const who of everyone.filter((w) => w !== 'owner'))
      for (const role of everyone) {
        const higher = everyone.indexOf(role) < everyone.indexOf(who)
        expect(gives(who, [who, role])).toBe(higher ? 'may-not-raise-oneself' : null)
      }
  })

  it('is not changed by an equal', () => {
    const two = settings({ ...withRoles(['moderator', 'admin'], ['member', 'owner']), invitations: [] })
    const changed = (by: Person, whom: Person, role: Role) => verdict(by, { roles: new Map(two.roles).set(people[whom], role) }, {}, two)
    expect(changed('admin', 'moderator', 'guest')).toBe('may-not-change-an-equal')
    expect(changed('owner', 'member', 'admin')).toBe('may-not-change-an-equal')
    expect(changed('owner', 'member', 'guest')).toBe('may-not-change-an-equal')
  })

  it('of owner is handed over in one step, and not given up by the last', () => {
    expect(gives('owner', ['admin', 'owner'], ['owner', 'admin'])).toBeNull()
    expect(gives('owner', ['owner', 'admin'])).toBe('no-owner-left')
    expect(gives('owner', ['owner', 'guest'])).toBe('no-owner-left')
  })

  it.each<[string, Person, [Person, Role][], string]>([
    [
      'an admin, who makes itself owner beside it',
      'admin',
      [
        ['guest', 'member'],
        ['admin', 'owner'],
      ],
      'may-not-raise-oneself',
    ],
    [
      'an admin, who makes another owner beside it',
      'admin',
      [
        ['moderator', 'member'],
        ['guest', 'owner'],
      ],
      'may-not-grant-role',
    ],
    [
      'an admin, who lowers the owner beside it',
      'admin',
      [
        ['moderator', 'member'],
        ['owner', 'guest'],
      ],
      'may-not-change-an-equal',
    ],
    [
      'a moderator, who lowers an admin while it steps down itself',
      'moderator',
      [
        ['moderator', 'guest'],
        ['admin', 'guest'],
      ],
      'may-not-manage-roles',
    ],
  ])('of several is judged each by itself, by what was before: %s', (_, by, changes, reason) => {
    expect(gives(by, ...changes)).toBe(reason)
  })

  it.each<[string, (roles: Map<MemberId, Role>) => void]>([
    ['dropped', (r) => r.delete(people.guest)],
    ['given to a stranger', (r) => r.set(people.stranger, 'member')],
    ['handed to a stranger', (r) => r.set(people.stranger, 'guest').delete(people.guest)],
  ])('is not %s: it is of members, and of each', (_, how) => {
    const after = new Map(settings().roles)
    how(after)
    for (const who of ['owner', 'admin'] as const) expect(verdict(who, { roles: after })).toBe('roles-changed')
  })

  it('takes the invitations with it that it gave the right to make, and no others', () => {
    const made = (role: Role, revoked: boolean, id = 0xc1) =>
      invitation({ invitationId: idOf(id), createdBy: people.moderator, role, revoked })
    const before = settings({ invitations: [made('moderator', false), made('guest', false, 0xc2)] })
    const after = (...invitations: InvitationSettings[]) => ({ ...withRoles(['moderator', 'member']), invitations })
    expect(verdict('admin', after(made('moderator', false), made('guest', false, 0xc2)), {}, before)).toBe('invitation-outlives-role')
    expect(verdict('admin', after(made('moderator', true), made('guest', false, 0xc2)), {}, before)).toBeNull()
    const guest = { ...withRoles(['moderator', 'guest']), invitations: [made('moderator', true), made('guest', false, 0xc2)] }
    expect(verdict('admin', guest, {}, before)).toBe('invitation-outlives-role')
    expect(
      verdict(
        'moderator',
        { ...withRoles(['moderator', 'guest']), invitations: before.invitations.map((i) => ({ ...i, revoked: true })) },
        {},
        before,
      ),
    ).toBeNull()
  })
})
