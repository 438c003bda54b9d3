import { encode, mlsMessageEncoder, protocolVersions, wireformats } from 'ts-mls'
import { expect, vi } from 'vitest'
import { expandWithLabel } from '../../crypto/mls/expand-with-label.ts'
import { aes128Gcm } from '../../crypto/mls/provider/aead.ts'
import { HASH_SIZE } from '../../crypto/mls/provider/hkdf.ts'
import { suites, X25519_SUITE } from '../../crypto/mls/provider/suites.ts'
import { openSenderData } from '../../crypto/mls/sender-data.ts'
import { unwrap } from '../../crypto/mls/state.ts'
import { opaque, struct, uint32, uint64 } from '../../crypto/mls/tls.ts'
import { decodeFramed } from '../../crypto/mls/wire.ts'
import type { WireObject } from '../../ports/wire.ts'
import { objectIdOf } from '../../sync/group/object-id.ts'
import { receiveObject } from '../../sync/group/receive/receive-objects.ts'
import type { Device } from '../fixtures/group-world.ts'

const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte))

/** What every member can make of a commit that it can read: the same signed content, under another reuse guard (RFC 9420, 6.3.1). `by` follows the commit. */
export async function framedAgain(by: Device, commit: WireObject): Promise<WireObject> {
  const framed = decodeFramed(commit.bytes)
  if (!framed.ok) throw new Error('no commit')
  const { message } = framed.value
  const suite = suites[X25519_SUITE]
  const secret = unwrap(by.group.tip.state).keySchedule.senderDataSecret
  const sender = openSenderData(suite, secret, message)
  const opened = vi.spyOn(aes128Gcm, 'open')
  expect(await receiveObject(by.group, commit)).toBe('stored')
  const nth = opened.mock.calls.findIndex(([, , , ciphertext]) => ciphertext.length === message.ciphertext.length)
  const [call, result] = [opened.mock.calls[nth], opened.mock.results[nth]]
  opened.mockRestore()
  if (call === undefined || result?.type !== 'return') throw new Error('it was not opened')
  const [key, nonce, aad] = call
  const ciphertext = aes128Gcm.seal(key, flipped(nonce), aad, result.value)
  const sample = ciphertext.subarray(0, HASH_SIZE[suite.hash])
  const [dataKey, dataNonce] = [
    expandWithLabel(suite.hash, secret, 'key', sample, 16),
    expandWithLabel(suite.hash, secret, 'nonce', sample, 12),
  ]
  const about = struct(opaque(message.groupId), uint64(message.epoch), Uint8Array.of(message.contentType))
  const data = struct(uint32(sender.leafIndex), uint32(sender.generation), flipped(sender.reuseGuard))
  const privateMessage = { ...message, encryptedSenderData: aes128Gcm.seal(dataKey, dataNonce, about, data), ciphertext }
  const again = { version: protocolVersions.mls10, wireformat: wireformats.mls_private_message, privateMessage } as const
  const bytes = encode(mlsMessageEncoder, again)
  expect(objectIdOf(bytes)).not.toBe(objectIdOf(commit.bytes))
  return { eid: commit.eid, bytes }
}
