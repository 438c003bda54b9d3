import * as z from 'zod'
import type { ChannelId, InvitationId, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import type { HistoryPolicy, Role } from '../../../shared/domain/models.ts'
import { trimmedName } from '../../../shared/ipc/schemas.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { AppError } from '../../kernel/errors.ts'
import type { FreshLeaf, JoinRequest, LeaveRequest } from '../../ports/wire.ts'
import type { ChannelSettings, InvitationSettings } from '../policy/settings.ts'

/** The name of a wish that others remember with an object, whoever brings it: the same everywhere, so that it is one. */
export const intentIdOf = (objectId: ObjectId): string => objectId.slice(0, 32)

/**
 * What somebody asked of a group, said so that it can be done again: the commit that carried it may lose against another one.
 * Everything that has an id brings it along, so that what was done already is known for it.
 */
export type Intent =
  | { kind: 'create-channel'; channel: ChannelSettings }
  | { kind: 'invite'; invitation: InvitationSettings }
  | { kind: 'revoke'; invitationId: InvitationId }
  /** `at`: when the request was granted. `tries`: how many of its key packages were used; each is good for one commit. */
  | { kind: 'admit'; request: Omit<JoinRequest, 'groupId' | 'fresh'>; at: number; tries: number }
  | { kind: 'readmit'; request: FreshLeaf }
  | { kind: 'remove'; memberId: MemberId }
  /** Members of the space come into what is under it. */
  | { kind: 'add'; newcomers: Newcomer[] }
  /** Somebody is in the space no more, and so not in what is under it. */
  | { kind: 'part'; memberId: MemberId }
  /** Somebody leaves: the claim is theirs. */
  | { kind: 'see-off'; request: Omit<LeaveRequest, 'groupId'> }
  | { kind: 'set-role'; memberId: MemberId; role: Role }
  | { kind: 'rename'; name: string }
  | { kind: 'rename-channel'; channelId: ChannelId; name: string }
  | { kind: 'set-history'; history: HistoryPolicy }

/** Somebody to be added by a key package that they offered. */
export interface Newcomer {
  memberId: MemberId
  /** The signature key of its leaf, 32 bytes, raw Ed25519. */
  leafKey: Uint8Array
  keyPackage: Uint8Array
}

const bytes = z.instanceof(Uint8Array)
const id = bytes.refine((value) => value.length === 16)
const time = z.int().min(0)
const role = z.enum(['owner', 'admin', 'moderator', 'member', 'guest'])

const wire = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('create-channel'), id, name: trimmedName, channelKind: z.enum(['open', 'private', 'pseudonymous']) }),
  z.strictObject({
    kind: z.literal('invite'),
    id,
    key: bytes,
    role,
    by: id,
    expiresAt: time,
    maxUses: z.int().min(1).nullable(),
  }),
  z.strictObject({ kind: z.literal('revoke'), id }),
  z.strictObject({
    kind: z.literal('admit'),
    invitation: id,
    request: id,
    keyPackages: z.array(bytes),
    signature: bytes,
    at: time,
    tries: z.int().min(0),
  }),
  z.strictObject({ kind: z.literal('readmit'), leaf: bytes, keyPackage: bytes, signature: bytes }),
  z.strictObject({ kind: z.literal('remove'), id }),
  z.strictObject({ kind: z.literal('add'), newcomers: z.array(z.tuple([id, bytes, bytes])) }),
  z.strictObject({ kind: z.literal('part'), id }),
  z.strictObject({ kind: z.literal('see-off'), id, leaf: bytes, signature: bytes }),
  z.strictObject({ kind: z.literal('set-role'), id, role }),
  z.strictObject({ kind: z.literal('rename'), name: trimmedName }),
  z.strictObject({ kind: z.literal('rename-channel'), id, name: trimmedName }),
  z.strictObject({ kind: z.literal('set-history'), history: z.enum(['none', 'last', 'all']), count: z.int().min(0) }),
])

export function encodeIntent(intent: Intent): Uint8Array {
  return toCbor(wireOf(intent))
}

function wireOf(intent: Intent): object {
  const { kind } = intent
  switch (kind) {
    case 'create-channel': {
      const { channelId, name, kind: channelKind } = intent.channel
      return { kind, id: fromHex(channelId), name, channelKind }
    }
    case 'invite': {
      const { invitationId, publicKey, role: granted, createdBy, expiresAt, maxUses } = intent.invitation
      return { kind, id: fromHex(invitationId), key: publicKey, role: granted, by: fromHex(createdBy), expiresAt, maxUses }
    }
    case 'revoke':
      return { kind, id: fromHex(intent.invitationId) }
    case 'admit': {
      const { invitationId, requestId, keyPackages, signature } = intent.request
      const { at, tries } = intent
      return { kind, invitation: fromHex(invitationId), request: fromHex(requestId), keyPackages, signature, at, tries }
    }
    case 'readmit': {
      const { leafKey, keyPackage, signature } = intent.request
      return { kind, leaf: leafKey, keyPackage, signature }
    }
    case 'remove':
    case 'part':
      return { kind, id: fromHex(intent.memberId) }
    case 'add':
      return { kind, newcomers: intent.newcomers.map(({ memberId, leafKey, keyPackage }) => [fromHex(memberId), leafKey, keyPackage]) }
    case 'see-off': {
      const { memberId, leafKey, signature } = intent.request
      return { kind, id: fromHex(memberId), leaf: leafKey, signature }
    }
    case 'set-role':
      return { kind, id: fromHex(intent.memberId), role: intent.role }
    case 'rename':
      return { kind, name: intent.name }
    case 'rename-channel':
      return { kind, id: fromHex(intent.channelId), name: intent.name }
    case 'set-history': {
      const { history } = intent
      return { kind, history: history.kind, count: history.kind === 'last' ? history.count : 0 }
    }
  }
}

/** Throws `AppError('unreadable')`: the bytes are our own. */
export function decodeIntent(encoded: Uint8Array): Intent {
  const read = fromCbor(encoded, wire)
  if (read === null) throw new AppError('unreadable', 'What was asked of a space cannot be read from the database.')
  switch (read.kind) {
    case 'create-channel':
      return { kind: read.kind, channel: { channelId: toHex(read.id) as ChannelId, name: read.name, kind: read.channelKind } }
    case 'invite': {
      const { key, role: granted, expiresAt, maxUses } = read
      const ids = { invitationId: toHex(read.id) as InvitationId, createdBy: toHex(read.by) as InvitationSettings['createdBy'] }
      return { kind: read.kind, invitation: { ...ids, publicKey: key, role: granted, expiresAt, maxUses, uses: 0, revoked: false } }
    }
    case 'revoke':
      return { kind: read.kind, invitationId: toHex(read.id) as InvitationId }
    case 'admit': {
      const { keyPackages, signature, at, tries } = read
      const ids = { invitationId: toHex(read.invitation) as InvitationId, requestId: toHex(read.request) }
      return { kind: read.kind, request: { ...ids, keyPackages, signature }, at, tries }
    }
    case 'readmit': {
      const { leaf, keyPackage, signature } = read
      return { kind: read.kind, request: { leafKey: leaf, keyPackage, signature } }
    }
    case 'remove':
    case 'part':
      return { kind: read.kind, memberId: toHex(read.id) as MemberId }
    case 'add': {
      const newcomers = read.newcomers.map(([who, leafKey, keyPackage]) => ({ memberId: toHex(who) as MemberId, leafKey, keyPackage }))
      return { kind: read.kind, newcomers }
    }
    case 'see-off':
      return { kind: read.kind, request: { memberId: toHex(read.id) as MemberId, leafKey: read.leaf, signature: read.signature } }
    case 'set-role':
      return { kind: read.kind, memberId: toHex(read.id) as MemberId, role: read.role }
    case 'rename':
      return { kind: read.kind, name: read.name }
    case 'rename-channel':
      return { kind: read.kind, channelId: toHex(read.id) as ChannelId, name: read.name }
    case 'set-history':
      return { kind: read.kind, history: read.history === 'last' ? { kind: 'last', count: read.count } : { kind: read.history } }
  }
}
