import { createHmac, pbkdf2Sync } from 'node:crypto'

/**
 * SQLCipher 4 on disk (https://www.zetetic.net/sqlcipher/design/): pages of 4096 bytes, each ending in 16 bytes of initialisation
 * vector and 64 of HMAC-SHA512; page 1 begins with 16 bytes of salt in clear.
 */
export const PAGE_BYTES = 4096
export const SALT_BYTES = 16
export const IV_BYTES = 16
export const MAC_BYTES = 64
export const RESERVED_BYTES = IV_BYTES + MAC_BYTES

/** What SQLCipher mixes into the salt for the authentication key, and how often it stretches it. */
const MAC_SALT_MASK = 0x3a
const MAC_ROUNDS = 2

/** 32 bytes. `key` is the raw database key, `salt` the first 16 bytes of the file. */
export function pageMacKey(key: Uint8Array, salt: Uint8Array): Uint8Array {
  const masked = salt.map((byte) => byte ^ MAC_SALT_MASK)
  return new Uint8Array(pbkdf2Sync(key, masked, MAC_ROUNDS, 32, 'sha512'))
}

/** Whether a whole page of the file is as the cipher wrote it at that place. */
export function pageIsAuthentic(page: Uint8Array, number: number, macKey: Uint8Array): boolean {
  const macAt = PAGE_BYTES - MAC_BYTES
  const place = Buffer.alloc(4)
  place.writeUInt32LE(number)
  const mac = createHmac('sha512', macKey)
    .update(page.subarray(number === 1 ? SALT_BYTES : 0, macAt))
    .update(place)
    .digest()
  return mac.equals(page.subarray(macAt))
}
