import { contentTypes } from 'ts-mls'
import type { ClientState, GenerationSecret, GroupContext, PrivateMessage } from 'ts-mls'
import { utf8 } from '../../kernel/bytes.ts'
import { expandWithLabel } from './expand-with-label.ts'
import type { SuiteParts } from './provider/suites.ts'
import { encodeContext } from './public-parts.ts'
import { leafAt } from './roster.ts'
import type { SenderData } from './sender-data.ts'
import { opaque, readOpaque, struct, uint32, uint64 } from './tls.ts'

/**
 * The next message of its sender, which nearly all are, read without promises: the library takes twice as long for the same.
 * Answers only what is right in every way. Of anything else it says nothing, not even that it is wrong: then the library judges.
 */

/** What the message comes to once `signature` is found to be over `signed` by `publicKey`; until then it may be anybody's. */
export interface Opened {
  readonly client: ClientState
  readonly plaintext: Uint8Array
  readonly publicKey: Uint8Array
  readonly signed: Uint8Array
  readonly signature: Uint8Array
}

/** `mls10`, `mls_private_message` (RFC 9420 §6). */
const VERSION_AND_WIRE_FORMAT = Uint8Array.of(0, 1, 0, 2)
const MEMBER = Uint8Array.of(1)
const APPLICATION = Uint8Array.of(contentTypes.application)
const SIGNATURE_LABEL = opaque(utf8('MLS 1.0 FramedContentTBS'))

/** Null unless `message` is an application message under the very next key of a sender whose keys were used before. */
export function openNext(parts: SuiteParts, client: ClientState, message: PrivateMessage, sender: SenderData): Opened | null {
  const leaf = leafAt(client.ratchetTree, sender.leafIndex)
  const ratchet = client.secretTree.leafNodes[sender.leafIndex * 2]?.application
  if (leaf === null || ratchet?.generation !== sender.generation || message.contentType !== contentTypes.application) return null
  const content = readContent(decrypt(parts, ratchet, message, sender))
  if (content === null) return null
  return {
    client: { ...client, secretTree: advanced(parts, client, ratchet, sender) },
    plaintext: content.plaintext,
    publicKey: leaf.signaturePublicKey,
    signed: signedContent(client.groupContext, message, sender, content.plaintext),
    signature: content.signature,
  }
}

/** Key and nonce of one generation (RFC 9420 §9.1), the nonce under its guard (§6.3.1). Null if anything was altered. */
function decrypt({ hash, aead }: SuiteParts, { secret }: GenerationSecret, message: PrivateMessage, sender: SenderData): Uint8Array | null {
  const generation = uint32(sender.generation)
  const key = expandWithLabel(hash, secret, 'key', generation, aead.keySize)
  const nonce = expandWithLabel(hash, secret, 'nonce', generation, aead.nonceSize)
  for (const [i, byte] of sender.reuseGuard.entries()) nonce[i] = (nonce[i] ?? 0) ^ byte
  const aad = struct(opaque(message.groupId), uint64(message.epoch), APPLICATION, opaque(message.authenticatedData))
  try {
    return aead.open(key, nonce, aad, message.ciphertext)
  } catch {
    // the library says the same, and how
    return null
  }
}

/** PrivateMessageContent (RFC 9420 §6.3.1). Null if it is none. */
function readContent(bytes: Uint8Array | null): { plaintext: Uint8Array; signature: Uint8Array } | null {
  const application = bytes && readOpaque(bytes, 0)
  const signature = application && readOpaque(bytes, application.end)
  if (!signature || bytes.subarray(signature.end).some((byte) => byte !== 0)) return null
  return { plaintext: application.value, signature: signature.value }
}

/** The ratchet one step on (RFC 9420 §9): the secret of this generation is forgotten. */
function advanced({ hash }: SuiteParts, { secretTree }: ClientState, ratchet: GenerationSecret, { leafIndex }: SenderData) {
  const next = expandWithLabel(hash, ratchet.secret, 'secret', uint32(ratchet.generation), ratchet.secret.length)
  const node = secretTree.leafNodes[leafIndex * 2]
  const application = { ...ratchet, secret: next, generation: ratchet.generation + 1 }
  return { ...secretTree, leafNodes: { ...secretTree.leafNodes, ...(node && { [leafIndex * 2]: { ...node, application } }) } }
}

/** SignContent of FramedContentTBS (RFC 9420 §5.1.2, §6.1). */
function signedContent(context: GroupContext, message: PrivateMessage, { leafIndex }: SenderData, plaintext: Uint8Array): Uint8Array {
  const content = struct(
    VERSION_AND_WIRE_FORMAT,
    opaque(message.groupId),
    uint64(message.epoch),
    MEMBER,
    uint32(leafIndex),
    opaque(message.authenticatedData),
    APPLICATION,
    opaque(plaintext),
    contextBytes(context),
  )
  return struct(SIGNATURE_LABEL, opaque(content))
}

/** All states of one epoch share their context, which grows with the settings of the group. */
const encoded = new WeakMap<GroupContext, Uint8Array>()

function contextBytes(context: GroupContext): Uint8Array {
  const bytes = encoded.get(context) ?? encodeContext(context)
  encoded.set(context, bytes)
  return bytes
}
