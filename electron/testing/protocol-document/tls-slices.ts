import { readOpaque } from '../../crypto/mls/tls.ts'
import { part } from './annotated.ts'
import type { Part } from './annotated.ts'

/** Takes a TLS structure (RFC 9420 §2.1) apart, from its first byte to its last. */
export class TlsSlices {
  readonly parts: Part[] = []
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isOver(): boolean {
    return this.#at === this.#bytes.length
  }

  /** So many bytes. */
  take(length: number, says: string): void {
    this.#add(this.#at + length, says)
  }

  /** A vector, its length included. */
  vector(says: string): Uint8Array {
    const { value, end } = this.#vector()
    this.#add(end, says)
    return value
  }

  /** The length of a vector alone: what is in it is taken apart, too. */
  open(says: string): void {
    const { value, end } = this.#vector()
    this.#add(end - value.length, says)
  }

  #vector(): { value: Uint8Array; end: number } {
    const read = readOpaque(this.#bytes, this.#at)
    if (read === null) throw new RangeError('not a vector')
    return read
  }

  #add(end: number, says: string): void {
    this.parts.push(part(this.#bytes.subarray(this.#at, end), says))
    this.#at = end
  }
}
