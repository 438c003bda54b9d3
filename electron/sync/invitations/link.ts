import * as z from 'zod'
import type { GroupId, InvitationId, PeerId } from '../../../shared/domain/ids.ts'
import { LINK_PREFIX } from '../../../shared/domain/pasted-link.ts'
import { trimmedName, limits } from '../../../shared/ipc/schemas.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { PeerAddress } from '../../ports/wire.ts'
import { LATEST_TIME } from '../policy/settings.ts'

const FORMAT = 1

/** All that someone needs to ask for admission. Whoever holds it may use it, so it is a secret. */
export interface InvitationLink {
  groupId: GroupId
  invitationId: InvitationId
  /** The invitation's Ed25519 seed, 32 bytes. */
  seed: Uint8Array
  expiresAt: number
  /** What the inviter calls the space: a hint for the person, not authenticated. */
  spaceName: string
  /** Members to ask, the inviter first. */
  peers: PeerAddress[]
}

const bytes = (length: number) => z.instanceof(Uint8Array).refine((value) => value.length === length)
const address = z.string().min(1).max(256).startsWith('/')

const wire = z.tuple([
  z.literal(FORMAT),
  bytes(16),
  bytes(16),
  bytes(32),
  z.int().min(0).max(LATEST_TIME),
  trimmedName,
  z
    .array(z.tuple([z.string().regex(/^[1-9A-HJ-NP-Za-km-z]{32,64}$/), z.array(address).max(8)]))
    .min(1)
    .max(4),
])

/** Names as many of the peers, the first ones, as a link may be long. */
export function encodeLink(link: InvitationLink): string {
  const text = encode(link)
  return text.length > limits.link && link.peers.length > 1 ? encodeLink({ ...link, peers: link.peers.slice(0, -1) }) : text
}

function encode(link: InvitationLink): string {
  const body = toCbor([
    FORMAT,
    fromHex(link.groupId),
    fromHex(link.invitationId),
    link.seed,
    link.expiresAt,
    link.spaceName,
    link.peers.map((p) => [p.peerId, p.addresses]),
  ])
  return LINK_PREFIX + Buffer.from(body).toString('base64url')
}

/** Null on anything but a whole link; white space around it, which mail programs add, is forgiven. */
export function parseLink(text: string): InvitationLink | null {
  const trimmed = text.trim()
  if (trimmed.length > limits.link || !trimmed.startsWith(LINK_PREFIX)) return null
  const encoded = trimmed.slice(LINK_PREFIX.length)
  const body = Buffer.from(encoded, 'base64url')
  // What decoding skips or rounds off is no part of a link.
  if (body.toString('base64url') !== encoded) return null
  const read = fromCbor(new Uint8Array(body), wire)
  if (read === null) return null
  const [, groupId, invitationId, seed, expiresAt, spaceName, peers] = read
  return {
    groupId: toHex(groupId) as GroupId,
    invitationId: toHex(invitationId) as InvitationId,
    seed,
    expiresAt,
    spaceName,
    peers: peers.map(([peerId, addresses]) => ({ peerId: peerId as PeerId, addresses })),
  }
}
