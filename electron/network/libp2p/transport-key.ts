import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id'
import type { PeerId } from '../../../shared/domain/ids.ts'
import type { Random } from '../../kernel/random.ts'
import { Redacted } from '../../kernel/redacted.ts'

const SEED_BYTES = 32

/** A new transport identity: an Ed25519 seed of 32 bytes, to be kept, since the peer id follows from it. */
export const generateTransportKey = (random: Random): Redacted<Uint8Array> => new Redacted(random.bytes(SEED_BYTES))

/** The peer id others will know this key by. */
export async function peerIdOf(key: Redacted<Uint8Array>): Promise<PeerId> {
  return peerIdFromPrivateKey(await toPrivateKey(key)).toString() as PeerId
}

export const toPrivateKey = (key: Redacted<Uint8Array>): Promise<Ed25519PrivateKey> => generateKeyPairFromSeed('Ed25519', key.reveal())

/** The raw Ed25519 key that a peer id of ours is made of; null for what is none. */
export function publicKeyOf(peerId: PeerId): Uint8Array | null {
  try {
    const { publicKey } = peerIdFromString(peerId)
    return publicKey?.type === 'Ed25519' ? publicKey.raw : null
  } catch {
    return null
  }
}
