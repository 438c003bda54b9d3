import type { IdentityRepository, InvitationRepository, JoinRepository, JoinRow, SettingsRepository } from '../../../ports/store.ts'
import { type Journal, Table, by } from './table.ts'

export function memorySettings(journal: Journal): SettingsRepository {
  const rows = new Table<{ value: Uint8Array }>(journal)
  return {
    get: (key) => rows.get(key)?.value ?? null,
    set: (key, value) => rows.set({ value }, key),
    delete: (key) => rows.delete(key),
  }
}

export function memoryIdentities(journal: Journal): IdentityRepository {
  const rows = new Table<{ encoded: Uint8Array }>(journal)
  return {
    get: (groupId) => rows.get(groupId)?.encoded ?? null,
    put: (groupId, encoded) => rows.set({ encoded }, groupId),
  }
}

export function memoryInvitations(journal: Journal): InvitationRepository {
  const links = new Table<{ link: string }>(journal)
  const grants = new Table<{ welcome: Uint8Array; at: number }>(journal)
  return {
    link: (groupId, invitationId) => links.get(groupId, invitationId)?.link ?? null,
    putLink: (groupId, invitationId, link) => links.set({ link }, groupId, invitationId),
    grant: (groupId, requestId) => grants.get(groupId, requestId)?.welcome ?? null,
    grantedAt: (groupId, requestId) => grants.get(groupId, requestId)?.at ?? null,
    putGrant: (groupId, requestId, welcome, at) => grants.set({ welcome, at }, groupId, requestId),
    dropGrant: (groupId, requestId) => grants.delete(groupId, requestId),
  }
}

export function memoryJoins(journal: Journal): JoinRepository {
  const rows = new Table<JoinRow>(journal)
  return {
    get: (joinId) => rows.get(joinId),
    list: () =>
      rows
        .where(() => true)
        .sort(
          by(
            (r) => r.startedAt,
            (r) => r.joinId,
          ),
        ),
    put: (row) => rows.set(row, row.joinId),
    delete: (joinId) => rows.delete(joinId),
  }
}
