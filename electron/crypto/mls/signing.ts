import type { ClientState } from 'ts-mls'
import { ed25519Sign, ed25519Verify } from '../../identity/index.ts'
import { toCbor } from '../../kernel/cbor.ts'
import type { GroupMember } from './group-engine.ts'
import { leafAt, memberAt, scopeOf } from './roster.ts'

/**
 * Signatures by leaf keys outside of MLS. What is signed begins with a CBOR array of four, 0x84, while everything MLS signs
 * begins with the length of a short label (RFC 9420 §5.1.2), below 0x40: neither can be taken for the other.
 */
const statement = (client: ClientState, label: string, bytes: Uint8Array): Uint8Array =>
  toCbor(['SpacePanda member signs', label, client.groupContext.groupId, bytes])

export const signAsLeaf = (client: ClientState, label: string, bytes: Uint8Array): Uint8Array =>
  ed25519Sign(client.signaturePrivateKey, statement(client, label, bytes))

/** Null if there is no such leaf or the signature does not hold. */
export function verifyAsLeaf(
  client: ClientState,
  label: string,
  bytes: Uint8Array,
  leafIndex: number,
  signature: Uint8Array,
): GroupMember | null {
  const leaf = Number.isInteger(leafIndex) && leafIndex >= 0 ? leafAt(client.ratchetTree, leafIndex) : null
  if (leaf === null || !ed25519Verify(leaf.signaturePublicKey, statement(client, label, bytes), signature)) return null
  return memberAt(scopeOf(client), client.ratchetTree, leafIndex)
}
