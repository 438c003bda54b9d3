import { describe, expect, it } from 'vitest'
import type { Role } from '../../../shared/domain/models.ts'
import { may, mayGrant, outranks } from './roles.ts'
import type { Capability } from './roles.ts'

const roles: readonly Role[] = ['guest', 'member', 'moderator', 'admin', 'owner']
const all: readonly Capability[] = [
  'invite',
  'remove',
  'manageSpace',
  'manageChannels',
  'manageRoles',
  'pin',
  'deleteOthers',
  'send',
  'react',
]

describe('what a role may', () => {
  it.each<[Role, Capability[]]>([
    ['guest', ['send', 'react']],
    ['member', ['invite', 'send', 'react']],
    ['moderator', ['invite', 'remove', 'pin', 'deleteOthers', 'send', 'react']],
    ['admin', [...all]],
    ['owner', [...all]],
  ])('%s: exactly %j', (role, expected) => {
    expect(all.filter((capability) => may(role, capability))).toEqual(expected)
  })
})

describe('outranks', () => {
  it('holds upwards only, and never among equals', () => {
    for (const [i, a] of roles.entries()) for (const [j, b] of roles.entries()) expect(outranks(a, b)).toBe(i > j)
  })
})

describe('mayGrant', () => {
  it('never makes an owner, and nobody more than oneself', () => {
    for (const [i, granter] of roles.entries())
      for (const [j, granted] of roles.entries()) expect(mayGrant(granter, granted)).toBe(granted !== 'owner' && i >= j)
  })
})
