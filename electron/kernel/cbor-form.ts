import { isUtf8 } from 'node:buffer'
import { decode, encode, rfc8949EncodeOptions } from 'cborg'
import { equalBytes } from './bytes.ts'

/** What the largest of our structures needs many times over: the settings of a space of 1,000 members have some 6,000 items, three deep. */
export const CBOR_BOUNDS = { items: 65_536, depth: 16 } as const

export interface CborBounds {
  items: number
  depth: number
}

/** A container that is open: how many items are still to come, and of a map where the last key stood. */
interface Open {
  left: number
  keys: { from: number; to: number } | null
}

const [BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE] = [2, 3, 4, 5, 6, 7] as const

/**
 * Whether CBOR (RFC 8949 §3) has no more in it than this, and each text, key and float in it stands in the one form that it has (§4.2.1), told
 * without reading it. Work on an item grows with its depth, and a peer chooses both: two megabytes of arrays in arrays took half a minute.
 * False also for what is cut short, followed by anything, tagged, of indefinite length, or a map with keys that are no text. That heads are the
 * shortest is left to the decoder, which is strict about it, and mends the rest.
 */
export function isInForm({ items, depth }: CborBounds, bytes: Uint8Array): boolean {
  const open: Open[] = [{ left: 1, keys: null }]
  let at = 0
  for (let seen = 0; ;) {
    const inside = open.at(-1)
    if (inside === undefined) return at === bytes.length
    if (inside.left === 0) {
      open.pop()
      continue
    }
    const isKey = inside.keys !== null && inside.left % 2 === 0
    inside.left -= 1
    seen += 1
    const from = at
    const head = bytes[at]
    if (head === undefined || seen > items) return false
    const [major, info] = [head >> 5, head & 0x1f]
    if (info > 27 || major === TAG) return false
    const width = info < 24 ? 0 : 1 << (info - 24)
    const value = width === 0 ? info : bigEndian(bytes, at + 1, width)
    at += 1 + width
    const content = at
    if (major === BYTES || major === TEXT) at += value
    else if (major === ARRAY) open.push({ left: value, keys: null })
    else if (major === MAP) open.push({ left: 2 * value, keys: { from: at, to: at } })
    if (at > bytes.length || open.length > depth + 1) return false
    if (major === TEXT && !isText(bytes.subarray(content, at))) return false
    if (major === SIMPLE && width > 1 && !isShortest(bytes.subarray(from, at))) return false
    if (isKey && (major !== TEXT || !follows(inside, bytes, { from, to: at }))) return false
  }
}

/** A mark of the order of bytes at the beginning is dropped by the decoder. */
const isText = (bytes: Uint8Array): boolean => isUtf8(bytes) && !(bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)

const isShortest = (float: Uint8Array): boolean => equalBytes(encode(decode(float), rfc8949EncodeOptions), float)

/** Whether a key stands where it should in its map, by the bytes of the encoded keys. It is the last one then. */
function follows(map: Open, bytes: Uint8Array, key: { from: number; to: number }): boolean {
  const before = map.keys ?? key
  map.keys = key
  const isFirst = before.from === before.to
  return isFirst || Buffer.compare(bytes.subarray(before.from, before.to), bytes.subarray(key.from, key.to)) < 0
}

/** Rounded beyond 2^53, which is too long for anything. Bytes that are not there count as 0. */
function bigEndian(bytes: Uint8Array, from: number, width: number): number {
  let value = 0
  for (let i = from; i < from + width; i += 1) value = value * 256 + (bytes[i] ?? 0)
  return value
}
