import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { PeerRecord, RecordEnvelope } from '@libp2p/peer-record'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { beforeAll, describe, expect, it } from 'vitest'
import { systemRandom } from '../../kernel/random.ts'
import { MAX_ADDRESSES } from '../protocols/fields.ts'
import { MAX_RECORD_BYTES } from '../protocols/peer-hint.ts'
import { openRecord, sealRecord } from './signed-record.ts'
import { generateTransportKey, toPrivateKey } from './transport-key.ts'

describe('a signed record', () => {
  let alice: Ed25519PrivateKey
  let mallory: Ed25519PrivateKey
  const addresses = ['/ip4/192.0.2.1/tcp/4001', '/ip6/2001:db8::1/tcp/4001']
  beforeAll(async () => {
    alice = await toPrivateKey(generateTransportKey(systemRandom))
    mallory = await toPrivateKey(generateTransportKey(systemRandom))
  })

  it('says what its peer signed, addresses by relays and of WebRTC too', async () => {
    const relay = peerIdFromPrivateKey(mallory).toString()
    const all = [
      ...addresses,
      `/ip4/203.0.113.7/tcp/4001/p2p/${relay}/p2p-circuit/p2p/${peerIdFromPrivateKey(alice).toString()}`,
      '/ip4/192.0.2.1/udp/4002/webrtc-direct/certhash/uEiAkH5a4DPGKUuOBjYw0CgwjvcJCJMD2K_1aluKR_tpevQ',
    ]
    const record = await sealRecord(alice, all, 1_234)
    expect(await openRecord(record)).toEqual({ peerId: peerIdFromPrivateKey(alice).toString(), addresses: all, seq: 1_234, record })
  })

  it('fits with as many of the longest addresses as a peer may have', async () => {
    const relay = peerIdFromPrivateKey(mallory).toString()
    const longest = `/ip6/2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/tcp/65535/ws/p2p/${relay}/p2p-circuit/p2p/${relay}`
    const record = await sealRecord(
      alice,
      Array.from({ length: MAX_ADDRESSES }, () => longest),
      Number.MAX_SAFE_INTEGER,
    )
    expect(record.length).toBeLessThanOrEqual(MAX_RECORD_BYTES)
    expect((await openRecord(record))?.addresses).toHaveLength(MAX_ADDRESSES)
  })

  it('is none with any bit of it turned, or cut', async () => {
    const record = await sealRecord(alice, addresses, 1)
    for (let at = 0; at < record.length; at += 1) {
      const forged = record.slice()
      forged[at] = (forged[at] ?? 0) ^ (1 << (at % 8))
      expect(await openRecord(forged)).toBeNull()
    }
    expect(await openRecord(record.subarray(1))).toBeNull()
    expect(await openRecord(record.subarray(0, -1))).toBeNull()
    expect(await openRecord(new Uint8Array())).toBeNull()
  })

  it('is none if another signed it', async () => {
    const record = new PeerRecord({ peerId: peerIdFromPrivateKey(alice), multiaddrs: [], seqNumber: 9n })
    const forged = (await RecordEnvelope.seal(record, mallory)).marshal()
    expect(await openRecord(forged)).toBeNull()
  })

  it('is none if what its peer signed was something else', async () => {
    const { peerId, marshal } = { peerId: peerIdFromPrivateKey(alice), marshal: () => new Uint8Array() }
    const record = new PeerRecord({ peerId, multiaddrs: [], seqNumber: 9n })
    const other = { domain: 'another-domain', codec: PeerRecord.CODEC, marshal: () => record.marshal(), equals: () => false }
    expect(await openRecord((await RecordEnvelope.seal(other, alice)).marshal())).toBeNull()
    const wrongType = { domain: PeerRecord.DOMAIN, codec: Uint8Array.of(1), marshal: () => record.marshal(), equals: () => false }
    expect(await openRecord((await RecordEnvelope.seal(wrongType, alice)).marshal())).toBeNull()
    const empty = { domain: PeerRecord.DOMAIN, codec: PeerRecord.CODEC, marshal, equals: () => false }
    expect(await openRecord((await RecordEnvelope.seal(empty, alice)).marshal())).toBeNull()
  })

  it('is none with a number that cannot be counted', async () => {
    expect(await openRecord(await sealRecord(alice, addresses, 2 ** 60))).toBeNull()
  })
})
