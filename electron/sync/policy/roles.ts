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

/** Nobody hands out more than they have themselves, and nobody makes another owner. */
export const mayGrant = (granter: Role, granted: Role): boolean => granted !== 'owner' && rank[granter] >= rank[granted]

/** Who stands higher is heard first where members change a group at once. */
export const seniorityOf = (role: Role): number => rank[role]
