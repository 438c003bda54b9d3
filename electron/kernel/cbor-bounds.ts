/** What the largest of our structures needs many times over: the settings of a space of 1,000 members have some 6,000 items, three deep. */
export const CBOR_BOUNDS = { items: 65_536, depth: 16 } as const

export interface CborBounds {
  items: number
  depth: number
}

/**
 * Whether CBOR (RFC 8949 §3) has no more in it than this, told from the heads of its items alone. Work on an item grows with its depth,
 * and a peer chooses both: two megabytes of arrays in arrays took half a minute. False also for much of what is not CBOR of ours:
 * cut short, followed by anything, tagged, or of indefinite length.
 */
export function isWithin({ items, depth }: CborBounds, bytes: Uint8Array): boolean {
  /** How many items are still to come in each container that is open. */
  const open = [1]
  let at = 0
  for (let seen = 0; open.length > 0;) {
    const last = open.length - 1
    const left = open[last] ?? 0
    if (left === 0) {
      open.pop()
      continue
    }
    open[last] = left - 1
    seen += 1
    const head = bytes[at]
    if (head === undefined || seen > items) return false
    const [major, info] = [head >> 5, head & 0x1f]
    if (info > 27 || major === TAG) return false
    const width = info < 24 ? 0 : 1 << (info - 24)
    const value = width === 0 ? info : bigEndian(bytes, at + 1, width)
    at += 1 + width
    if (major === BYTES || major === TEXT) at += value
    else if (major === ARRAY) open.push(value)
    else if (major === MAP) open.push(2 * value)
    if (at > bytes.length || open.length > depth + 1) return false
  }
  return at === bytes.length
}

const [BYTES, TEXT, ARRAY, MAP, TAG] = [2, 3, 4, 5, 6] as const

/** Rounded beyond 2^53, which is too long for anything. Bytes that are not there count as 0. */
function bigEndian(bytes: Uint8Array, from: number, width: number): number {
  let value = 0
  for (let i = from; i < from + width; i += 1) value = value * 256 + (bytes[i] ?? 0)
  return value
}
