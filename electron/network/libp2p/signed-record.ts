import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey, peerIdFromPublicKey } from '@libp2p/peer-id'
import { PeerRecord as Libp2pRecord, RecordEnvelope } from '@libp2p/peer-record'
import { multiaddr } from '@multiformats/multiaddr'
import { equalBytes } from '../../kernel/bytes.ts'
import type { PeerRecord } from '../../ports/wire.ts'
import { isPeerId, MAX_ADDRESS_CHARS, MAX_ADDRESSES } from '../protocols/fields.ts'
import { MAX_RECORD_BYTES } from '../protocols/peer-hint.ts'

/** A libp2p signed peer record (RFC 0003 of libp2p) in its envelope (RFC 0002). `seq` has to be above that of any before. */
export async function sealRecord(key: PrivateKey, addresses: readonly string[], seq: number): Promise<Uint8Array> {
  const multiaddrs = addresses.map((address) => multiaddr(address))
  const record = new Libp2pRecord({ peerId: peerIdFromPrivateKey(key), multiaddrs, seqNumber: BigInt(seq) })
  return (await RecordEnvelope.seal(record, key)).marshal()
}

/** What a record says; null unless it is one, and the very peer it is about signed it. */
export async function openRecord(record: Uint8Array): Promise<PeerRecord | null> {
  try {
    if (record.length > MAX_RECORD_BYTES) return null
    const envelope = await RecordEnvelope.openAndCertify(record, Libp2pRecord.DOMAIN)
    // One record, one encoding: else the same one could be passed round for ever as news.
    if (!equalBytes(envelope.payloadType, Libp2pRecord.CODEC) || !equalBytes(envelope.marshal(), record)) return null
    const { peerId, multiaddrs, seqNumber } = Libp2pRecord.createFromProtobuf(envelope.payload)
    const signer = peerIdFromPublicKey(envelope.publicKey).toString()
    if (peerId.toString() !== signer || !isPeerId(signer) || seqNumber > BigInt(Number.MAX_SAFE_INTEGER)) return null
    const addresses = multiaddrs.map(String).filter((address) => address.length <= MAX_ADDRESS_CHARS)
    return { peerId: signer, addresses: addresses.slice(0, MAX_ADDRESSES), seq: Number(seqNumber), record }
  } catch {
    // bytes of a peer: anything may be wrong with them, and all of it means the same
    return null
  }
}
