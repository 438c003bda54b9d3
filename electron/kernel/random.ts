import { randomBytes } from 'node:crypto'
import { toHex } from './bytes.ts'

/** The only source of randomness. */
export interface Random {
  bytes(length: number): Uint8Array
  /** 16 random bytes as 32 hexadecimal digits, of the id type asked for. */
  id<T extends string>(): T
  /** Uniform in [0, 1): for jitter, never for secrets. */
  fraction(): number
}

const bytes = (length: number): Uint8Array => new Uint8Array(randomBytes(length))

export const systemRandom: Random = {
  bytes,
  id: <T extends string>() => toHex(bytes(16)) as T,
  fraction: () => randomBytes(4).readUInt32BE(0) / 2 ** 32,
}
