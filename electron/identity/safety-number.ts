import { createHash } from 'node:crypto'

/** As many rounds as make guessing a key whose digits look alike some thousand times dearer; a number takes milliseconds. */
const ROUNDS = 5_200
const GROUPS_EACH = 6
const DIGITS = 5
const VERSION = Uint8Array.of(0, 1)

/**
 * 60 digits in 12 groups that two members compute alike from their identity keys, to compare by another way than this one.
 * Half of it stands for each, the smaller key first: 30 digits are 99 bits. `key`: 32 bytes, raw Ed25519.
 */
export function safetyNumber(one: Uint8Array, other: Uint8Array): string {
  return [one, other].sort(Buffer.compare).flatMap(half).join(' ')
}

function half(key: Uint8Array): string[] {
  let hash = createHash('sha512').update('SpacePanda safety number').update(VERSION).update(key).digest()
  for (let round = 0; round < ROUNDS; round++) hash = createHash('sha512').update(hash).update(key).digest()
  return Array.from({ length: GROUPS_EACH }, (_, i) => String(hash.readUIntBE(i * DIGITS, DIGITS) % 10 ** DIGITS).padStart(DIGITS, '0'))
}
