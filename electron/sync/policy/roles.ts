import type { Role } from '../../../shared/domain/models.ts'

export type Capability = 'invite' | 'remove' | 'manageSpace' | 'manageChannels' | 'manageRoles' | 'pin' | 'deleteOthers' | 'send' | 'react'

const guest: readonly Capability[] = ['send', 'react']
const member: readonly Capability[] = [...guest, 'invite']
const moderator: readonly Capability[] = [...member, 'remove', 'pin', 'deleteOthers']
const admin: readonly Capability[] = [...moderator, 'manageSpace', 'manageChannels', 'manageRoles']

const capabilities: Record<Role, ReadonlySet<Capability>> = {
  owner: new Set(admin),
  admin: new Set(admin),
  moderator: new Set(moderator),
  member: new Set(member),
  guest: new Set(guest),
}

const rank: Record<Role, number> = { owner: 4, admin: 3, moderator: 2, member: 1, guest: 0 }

export const may = (role: Role, capability: Capability): boolean => capabilities[role].has(capability)

/** Whether one role stands above another, so that nobody acts against their equals. */
export const outranks = (a: Role, b: Role): boolean => rank[a] > rank[b]

/** Nobody hands out more than they have themselves, and nobody makes another owner by the way: no invitation does. */
export const mayGrant = (granter: Role, granted: Role): boolean => granted !== 'owner' && rank[granter] >= rank[granted]

/** Who stands higher is heard first where members change a group at once. */
export const seniorityOf = (role: Role): number => rank[role]
/**
 * Why a member may not change a role from one to another; null if it may. Only an owner makes another owner, and nobody
 * acts against an equal: an owner stops being one by their own step down alone.
 */
export function roleProblem(by: Role, { from, to, own }: { from: Role; to: Role; own: boolean }): RoleProblem | null {
  if (own) return outranks(from, to) ? null : 'may-not-raise-oneself'
  if (!may(by, 'manageRoles')) return 'may-not-manage-roles'
  if (!outranks(by, from)) return 'may-not-change-an-equal'
  return mayGrant(by, to) || (by === 'owner' && to === 'owner') ? null : 'may-not-grant-role'
}

export type RoleProblem = 'may-not-raise-oneself' | 'may-not-manage-roles' | 'may-not-change-an-equal' | 'may-not-grant-role'
