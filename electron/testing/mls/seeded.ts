import { createHash } from 'node:crypto'
import { toHex } from '../../kernel/bytes.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'

/** The same bytes for the same seed: SHA-256 in counter mode. */
export function seededRandom(seed: string | number): Random {
  let counter = 0
  const block = () => createHash('sha256').update(`${seed}/${counter++}`).digest()
  const bytes = (length: number): Uint8Array => {
    const output = new Uint8Array(length)
    for (let at = 0; at < length; at += 32) output.set(block().subarray(0, length - at), at)
    return output
  }
  return {
    bytes,
    id: <T extends string>() => toHex(bytes(16)) as T,
    fraction: () => block().readUInt32BE(0) / 2 ** 32,
  }
}

/** A clock that moves by hand, in milliseconds since the Unix epoch; timers never fire. */
export function handClock(start: number): Clock & { set(now: number): void } {
  let now = start
  return {
    now: () => now,
    set: (to) => {
      now = to
    },
    after: () => () => undefined,
  }
}

export const NOON = Date.UTC(2025, 5, 1, 12)
