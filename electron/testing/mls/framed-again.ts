import { encode, mlsMessageEncoder, protocolVersions, wireformats } from 'ts-mls'
import { expandWithLabel } from '../../crypto/mls/expand-with-label.ts'
import type { GroupEngine, GroupState } from '../../crypto/mls/index.ts'
import type { Aead } from '../../crypto/mls/provider/aead.ts'
import { HASH_SIZE } from '../../crypto/mls/provider/hkdf.ts'
import { isSuiteId, suites } from '../../crypto/mls/provider/suites.ts'
import { openSenderData } from '../../crypto/mls/sender-data.ts'
import { unwrap } from '../../crypto/mls/state.ts'
import { opaque, struct, uint32, uint64 } from '../../crypto/mls/tls.ts'
import { decodeFramed } from '../../crypto/mls/wire.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import type { WireObject } from '../../ports/wire.ts'

interface Opened {
  key: Uint8Array
  nonce: Uint8Array
  aad: Uint8Array
  plaintext: Uint8Array
}

const listening = new Map<Aead, Set<(ciphertext: Uint8Array, opened: Opened) => void>>()

/** What is opened with a cipher is told to whoever listens, from the first time on that somebody does. */
function listenersOf(aead: Aead): Set<(ciphertext: Uint8Array, opened: Opened) => void> {
  const known = listening.get(aead)
  if (known !== undefined) return known
  const listeners = new Set<(ciphertext: Uint8Array, opened: Opened) => void>()
  listening.set(aead, listeners)
  const { open } = aead
  aead.open = (key, nonce, aad, ciphertext) => {
    const plaintext = open(key, nonce, aad, ciphertext)
    for (const tell of listeners) tell(ciphertext, { key, nonce, aad, plaintext })
    return plaintext
  }
  return listeners
}

/** The key that a commit is encrypted with, as whoever opens it has it; null where it cannot be opened. */
async function openedBy(engine: GroupEngine, state: GroupState, aead: Aead, bytes: Uint8Array, wanted: Uint8Array): Promise<Opened | null> {
  const found: { opened?: Opened } = {}
  const listeners = listenersOf(aead)
  const listen = (ciphertext: Uint8Array, opened: Opened): void => {
    if (equalBytes(ciphertext, wanted)) found.opened ??= opened
  }
  listeners.add(listen)
  try {
    await engine.receive(state, bytes, () => 'only looked at', { takeOwn: true })
  } finally {
    listeners.delete(listen)
  }
  return found.opened ?? null
}

const flipped = (bytes: Uint8Array, by: number): Uint8Array => bytes.map((byte, at) => (at === 0 ? byte ^ by : byte))

/**
 * What every member who holds the epoch `state` can make of a commit out of it: the same signed content, under another reuse guard
 * (RFC 9420, 6.3.1), another one for each `by` from 1 to 255. Null where it cannot open that.
 */
export async function framedAgain(engine: GroupEngine, state: GroupState, commit: WireObject, by = 1): Promise<WireObject | null> {
  const framed = decodeFramed(commit.bytes)
  if (!framed.ok || framed.value.header.kind !== 'commit') return null
  const { message } = framed.value
  const { keySchedule, groupContext } = unwrap(state)
  if (!isSuiteId(groupContext.cipherSuite)) return null
  const suite = suites[groupContext.cipherSuite]
  const { hash, aead } = suite
  const opened = await openedBy(engine, state, aead, commit.bytes, message.ciphertext)
  if (opened === null) return null
  const sender = openSenderData(suite, keySchedule.senderDataSecret, message)
  const ciphertext = aead.seal(opened.key, flipped(opened.nonce, by), opened.aad, opened.plaintext)
  const sample = ciphertext.subarray(0, HASH_SIZE[hash])
  const [key, nonce] = [
    expandWithLabel(hash, keySchedule.senderDataSecret, 'key', sample, aead.keySize),
    expandWithLabel(hash, keySchedule.senderDataSecret, 'nonce', sample, aead.nonceSize),
  ]
  const about = struct(opaque(message.groupId), uint64(message.epoch), Uint8Array.of(message.contentType))
  const data = struct(uint32(sender.leafIndex), uint32(sender.generation), flipped(sender.reuseGuard, by))
  const privateMessage = { ...message, encryptedSenderData: aead.seal(key, nonce, about, data), ciphertext }
  const again = { version: protocolVersions.mls10, wireformat: wireformats.mls_private_message, privateMessage } as const
  return { eid: commit.eid, bytes: encode(mlsMessageEncoder, again) }
}
