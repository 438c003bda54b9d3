export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')

/** The bytes of an even number of hexadecimal digits. Throws `TypeError` on anything else. */
export function fromHex(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/i.test(text)) throw new TypeError('not hexadecimal')
  return new Uint8Array(Buffer.from(text, 'hex'))
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Throws `TypeError` on bytes that are not UTF-8. */
export const fromUtf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

/** A copy on memory of its own, so that wiping one leaves the other. */
export const copyBytes = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes)
