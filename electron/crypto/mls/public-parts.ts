import { clientStateDecoder, clientStateEncoder, encode, groupStateEncoder } from 'ts-mls'
import type { ClientState, GroupContext, GroupState, PublicGroupState } from 'ts-mls'
import { copyBytes } from '../../kernel/bytes.ts'
import { struct } from './tls.ts'

/**
 * The library encodes group context and ratchet tree only as the beginning of a whole state, one after the other and then the rest.
 * So each is cut out of the encoding of a state in which all else is nothing.
 */

const NOTHING = new Uint8Array()

const blank: GroupState = {
  keySchedule: {
    senderDataSecret: NOTHING,
    exporterSecret: NOTHING,
    externalSecret: NOTHING,
    confirmationKey: NOTHING,
    membershipKey: NOTHING,
    resumptionPsk: NOTHING,
    epochAuthenticator: NOTHING,
    initSecret: NOTHING,
  },
  secretTree: { leafWidth: 0, intermediateNodes: {}, leafNodes: {} },
  privatePath: { leafIndex: 0, privateKeys: {} },
  signaturePrivateKey: NOTHING,
  unappliedProposals: {},
  confirmationTag: NOTHING,
  historicalReceiverData: new Map(),
  groupActiveState: { kind: 'active' },
}
const tail = encode(groupStateEncoder, blank)
/** A tree of no nodes: the length of its vector. */
const NO_TREE_BYTES = 1

/** `GroupContext` (RFC 9420 §8.1), TLS-encoded. */
export function encodeContext(groupContext: GroupContext): Uint8Array {
  const treeless = encode(clientStateEncoder, { ...blank, groupContext, ratchetTree: [] })
  return copyBytes(treeless.subarray(0, treeless.length - tail.length - NO_TREE_BYTES))
}

/** `GroupContext` and the nodes of `ratchet_tree` (§12.4.3.3), TLS-encoded. Views on one buffer. */
export function encodePublic({ groupContext, ratchetTree }: ClientState): { groupContext: Uint8Array; ratchetTree: Uint8Array } {
  const contextBytes = encodeContext(groupContext).length
  const whole = encode(clientStateEncoder, { ...blank, groupContext, ratchetTree })
  return { groupContext: whole.subarray(0, contextBytes), ratchetTree: whole.subarray(contextBytes, whole.length - tail.length) }
}

/** Null on damage. Shares no memory with the parts. */
export function decodePublic(groupContext: Uint8Array, ratchetTree: Uint8Array): PublicGroupState | null {
  const whole = struct(groupContext, ratchetTree, tail)
  try {
    const decoded = clientStateDecoder(whole, 0)
    return decoded?.[1] === whole.length ? { groupContext: decoded[0].groupContext, ratchetTree: decoded[0].ratchetTree } : null
  } catch {
    // by where the damage is the library raises one error or another: all of them say the same
    return null
  }
}
