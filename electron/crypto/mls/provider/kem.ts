/** A key encapsulation mechanism as HPKE uses it (RFC 9180 §4), over raw keys. */
export interface Kem {
  /** IANA's number for it. */
  id: number
  publicKeySize: number
  privateKeySize: number
  deriveKeyPair(ikm: Uint8Array): KemKeyPair
  /** A fresh pair; `random(n)` gives n random bytes. */
  generateKeyPair(random: RandomBytes): KemKeyPair
  /** Throws for keys that are none. */
  encapsulate(publicKey: Uint8Array, random: RandomBytes): { secret: Uint8Array; enc: Uint8Array }
  decapsulate(privateKey: Uint8Array, enc: Uint8Array): Uint8Array
}

export interface KemKeyPair {
  privateKey: Uint8Array
  publicKey: Uint8Array
}

export type RandomBytes = (length: number) => Uint8Array
