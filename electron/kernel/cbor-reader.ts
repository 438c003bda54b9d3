import { toCbor } from './cbor.ts'
import { copyBytes, equalBytes, fromUtf8 } from './bytes.ts'

const [UNSIGNED, BYTES, TEXT, ARRAY, MAP] = [0, 2, 3, 4, 5]
const NULL = 0xf6

/** From each form of an argument on (RFC 8949 §3): what the next shorter form holds no more. */
const LEAST = [24, 2 ** 8, 2 ** 16, 2 ** 32]

class Misfit extends Error {
  override readonly name = 'Misfit'
}

/**
 * Deterministic CBOR (RFC 8949 §4.2.1) of a shape that is known beforehand, item by item: what `fromCbor` does for whatever
 * comes, a tenth as fast, by decoding to values, encoding those again, and asking a schema. Only inside `readCbor`.
 */
class CborReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  uint(): number {
    return this.#head(UNSIGNED)
  }

  /** Exactly so many, copied. */
  bytes(length: number): Uint8Array {
    return copyBytes(this.#take(this.#head(BYTES), length, length))
  }

  /** At most so many bytes of UTF-8. */
  text(most: number): string {
    return this.#utf8(this.#take(this.#head(TEXT), most))
  }

  /** The same in a byte string. */
  textAsBytes(most: number): string {
    return this.#utf8(this.#take(this.#head(BYTES), most))
  }

  array(length: number): void {
    this.expect(this.#head(ARRAY) === length)
  }

  /** Its keys follow, each before its value, in the order of their encoding. */
  map(size: number): void {
    this.expect(this.#head(MAP) === size)
  }

  /** One item of which only this form will do. */
  exactly(item: Item): void {
    this.expect(equalBytes(this.#take(item.encoded.length, item.encoded.length), item.encoded))
  }

  nullable<T>(read: () => T): T | null {
    if (this.#bytes[this.#at] !== NULL) return read()
    this.#at += 1
    return null
  }

  expect(holds: boolean): void {
    if (!holds) throw new Misfit('not what was asked for')
  }

  /** The argument of an item of type `major`, in its shortest form. */
  #head(major: number): number {
    const first = this.#bytes[this.#at] ?? 0xff
    this.expect(first >>> 5 === major)
    this.#at += 1
    const short = first & 0x1f
    if (short < 24) return short
    const least = LEAST[short - 24]
    if (least === undefined) throw new Misfit('no length')
    let value = 0
    for (const byte of this.#take(1 << (short - 24), 8)) value = value * 0x100 + byte
    this.expect(value >= least && value <= Number.MAX_SAFE_INTEGER)
    return value
  }

  #utf8(bytes: Uint8Array): string {
    try {
      return fromUtf8(bytes)
    } catch {
      throw new Misfit('not UTF-8')
    }
  }

  #take(length: number, most: number, least = 0): Uint8Array {
    this.expect(length >= least && length <= most && this.#at + length <= this.#bytes.length)
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }
}

export type { CborReader }

/** A value whose encoding is known beforehand. */
export interface Item {
  readonly encoded: Uint8Array
}

export const item = (value: unknown): Item => ({ encoded: toCbor(value) })

/** What `read` makes of all of `bytes`; null if they are anything else than it asks for. */
export function readCbor<T>(bytes: Uint8Array, read: (reader: CborReader) => T): T | null {
  const reader = new CborReader(bytes)
  try {
    const value = read(reader)
    return reader.atEnd ? value : null
  } catch (thrown) {
    if (thrown instanceof Misfit) return null
    throw thrown
  }
}
