import * as z from 'zod'
import type { ChannelId, InvitationId, MemberId } from '../../../shared/domain/ids.ts'
import type { ChannelKind, GroupKind, HistoryPolicy, Role } from '../../../shared/domain/models.ts'
import { trimmedName, limits, role } from '../../../shared/ipc/schemas.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { EARLIER_KEYS } from './recognition-key.ts'

/** The last moment a `Date` can hold (ECMAScript §21.4.1.1): a later one would break whatever draws it. */
export const LATEST_TIME = 8_640_000_000_000_000

/** Bounds of what a space may hold, so that its settings stay a small part of each Welcome. */
export const settingsLimits = { channels: 500, members: 1000, invitations: 64 } as const

export interface ChannelSettings {
  channelId: ChannelId
  name: string
  kind: Exclude<ChannelKind, 'direct'>
}

export interface InvitationSettings {
  invitationId: InvitationId
  /** Ed25519, 32 bytes; the private half is in the link. */
  publicKey: Uint8Array
  role: Role
  createdBy: MemberId
  expiresAt: number
  maxUses: number | null
  uses: number
  revoked: boolean
}

/** Why the one member that the newest commit added was let in; every member checks it again. */
export interface Admission {
  invitationId: InvitationId
  requestId: string
  memberId: MemberId
  /** The committer's claim of the time, compared with the invitation's end. */
  at: number
  signature: Uint8Array
}

/** What all members of a space agree on: the content of the group's settings extension. */
export interface SpaceSettings {
  /** Of a private channel or a direct message there is a space that the group is under, which MLS knows (`GroupEngine.parent`). */
  kind: GroupKind
  name: string
  createdAt: number
  /** 32 bytes known to members only: lets them recognise each other in a session. */
  presenceKey: Uint8Array
  /** `recognitionKey` of the presence keys before this one, the newest first: who was away knows no other, and is to be known by who came since. */
  earlierKeys: readonly Uint8Array[]
  channels: ChannelSettings[]
  roles: ReadonlyMap<MemberId, Role>
  invitations: InvitationSettings[]
  admission: Admission | null
  /** What newcomers are given of what was said before they came. */
  history: HistoryPolicy
}

const FORMAT = 1
/** With fields that format 1 has no room for, each left out while it has its usual value; at least one is there. */
const FORMAT_WITH_MORE = 2
const bytes = (length: number) => z.instanceof(Uint8Array).refine((value) => value.length === length)
const id = bytes(16)
const time = z.int().min(0).max(LATEST_TIME)

/** Arrays instead of maps where the fields are fixed: shorter, and nothing unknown can hide in them. */
const fields = z.strictObject({
  v: z.literal(FORMAT),
  name: trimmedName,
  at: time,
  key: bytes(32),
  channels: z.array(z.tuple([id, trimmedName, z.enum(['open', 'private', 'pseudonymous'])])).max(settingsLimits.channels),
  roles: z.array(z.tuple([id, role])).max(settingsLimits.members),
  invitations: z
    .array(z.tuple([id, bytes(32), role, id, time, z.int().min(1).nullable(), z.int().min(0), z.boolean()]))
    .max(settingsLimits.invitations),
  admission: z.tuple([id, id, id, time, bytes(64)]).nullable(),
})
const more = z.strictObject({
  history: z.union([z.tuple([z.literal('last'), z.int().min(1).max(limits.historyCount)]), z.tuple([z.literal('all')])]).optional(),
  kind: z.enum(['private', 'direct']).optional(),
  earlier: z.array(bytes(32)).min(1).max(EARLIER_KEYS).optional(),
})
const wire = z.union([
  fields,
  fields
    .extend({ v: z.literal(FORMAT_WITH_MORE), ...more.shape })
    // One form for one meaning: what needs no format 2 is not written in it.
    .refine(({ history, kind, earlier }) => history !== undefined || kind !== undefined || earlier !== undefined),
])

const encodeHistory = (history: HistoryPolicy) => (history.kind === 'last' ? ['last', history.count] : [history.kind])

function decodeHistory(read: z.output<typeof more.shape.history>): HistoryPolicy {
  if (read === undefined) return { kind: 'none' }
  return read[0] === 'last' ? { kind: 'last', count: read[1] } : { kind: 'all' }
}

export function encodeSettings(settings: SpaceSettings): Uint8Array {
  const extra = {
    ...(settings.history.kind === 'none' ? {} : { history: encodeHistory(settings.history) }),
    ...(settings.kind === 'space' ? {} : { kind: settings.kind }),
    ...(settings.earlierKeys.length === 0 ? {} : { earlier: settings.earlierKeys }),
  }
  return toCbor({
    ...extra,
    v: Object.keys(extra).length === 0 ? FORMAT : FORMAT_WITH_MORE,
    name: settings.name,
    at: settings.createdAt,
    key: settings.presenceKey,
    channels: settings.channels.map((c) => [fromHex(c.channelId), c.name, c.kind]),
    roles: [...settings.roles].map(([memberId, r]) => [fromHex(memberId), r]),
    invitations: settings.invitations.map((i) => [
      fromHex(i.invitationId),
      i.publicKey,
      i.role,
      fromHex(i.createdBy),
      i.expiresAt,
      i.maxUses,
      i.uses,
      i.revoked,
    ]),
    admission: settings.admission && encodeAdmission(settings.admission),
  })
}

const encodeAdmission = (a: Admission) => [fromHex(a.invitationId), fromHex(a.requestId), fromHex(a.memberId), a.at, a.signature]

/** Null on anything that is not exactly a settings extension of ours, ids twice included. */
export function decodeSettings(encoded: Uint8Array): SpaceSettings | null {
  const read = fromCbor(encoded, wire)
  if (read === null) return null
  const settings: SpaceSettings = {
    kind: read.v === FORMAT ? 'space' : (read.kind ?? 'space'),
    name: read.name,
    createdAt: read.at,
    presenceKey: read.key,
    earlierKeys: (read.v === FORMAT ? undefined : read.earlier) ?? [],
    channels: read.channels.map(([channelId, name, kind]) => ({ channelId: toHex(channelId) as ChannelId, name, kind })),
    roles: new Map(read.roles.map(([memberId, r]) => [toHex(memberId) as MemberId, r])),
    invitations: read.invitations.map(([invitationId, publicKey, r, createdBy, expiresAt, maxUses, uses, revoked]) => ({
      invitationId: toHex(invitationId) as InvitationId,
      publicKey,
      role: r,
      createdBy: toHex(createdBy) as MemberId,
      expiresAt,
      maxUses,
      uses,
      revoked,
    })),
    admission: read.admission && decodeAdmission(read.admission),
    history: decodeHistory(read.v === FORMAT ? undefined : read.history),
  }
  const unique = (ids: string[]) => new Set(ids).size === ids.length
  const sound =
    settings.roles.size === read.roles.length &&
    unique(settings.channels.map((c) => c.channelId)) &&
    unique(settings.invitations.map((i) => i.invitationId))
  return sound ? settings : null
}

function decodeAdmission([invitationId, requestId, memberId, at, signature]: z.output<typeof fields.shape.admission> & object): Admission {
  return {
    invitationId: toHex(invitationId) as InvitationId,
    requestId: toHex(requestId),
    memberId: toHex(memberId) as MemberId,
    at,
    signature,
  }
}
