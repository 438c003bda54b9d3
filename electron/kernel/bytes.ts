export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')

/** The bytes of an even number of hexadecimal digits. Throws `TypeError` on anything else. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 === 1 || !/^[0-9a-f]*$/i.test(text)) throw new TypeError('not hexadecimal')
  return new Uint8Array(Buffer.from(text, 'hex'))
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const utf8 = (text: string): Uint8Array => encoder.encode(text)

/** Throws `TypeError` on bytes that are not UTF-8. */
export const fromUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes)

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

/** Each once, where it stands first. */
export const distinct = (all: readonly Uint8Array[]): Uint8Array[] => [...new Map(all.map((bytes) => [toHex(bytes), bytes])).values()]

/** One after the other, in one array of its own. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const joined = new Uint8Array(length)
  let end = 0
  for (const part of parts) {
    joined.set(part, end)
    end += part.length
  }
  return joined
}

/** A copy on memory of its own, so that wiping one leaves the other. */
export const copyBytes = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes)

/**
 * A copy for a secret that shall be wiped one day. V8 keeps short typed arrays on its heap, where the garbage collector moves them
 * and leaves their bytes behind; an `ArrayBuffer` of its own lies outside and stays where it is.
 */
export function unmovingBytes(bytes: Uint8Array): Uint8Array {
  const own = new Uint8Array(new ArrayBuffer(bytes.length))
  own.set(bytes)
  return own
}
