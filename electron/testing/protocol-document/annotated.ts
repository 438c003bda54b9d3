import { toHex } from '../../kernel/bytes.ts'

/** Bytes as docs/protocol.md shows them: some to a line, and what they are. */
export interface Part {
  hex: string
  says: string
  depth: number
}

export const part = (bytes: Uint8Array, says: string, depth = 0): Part => ({ hex: toHex(bytes), says, depth })

const MOST_DIGITS = 64
const COMMENT_AT = 72

/** One line for each part, its hexadecimal digits wrapped, with a comment behind the first. */
export const render = (parts: readonly Part[]): string => parts.map(renderPart).join('\n')

function renderPart({ hex, says, depth }: Part): string {
  const indent = '  '.repeat(depth)
  const [first = '', ...rest] = wrapped(hex)
  return [`${(indent + first).padEnd(COMMENT_AT)} # ${says}`, ...rest.map((digits) => `${indent}  ${digits}`)].join('\n')
}

function wrapped(hex: string): string[] {
  const lines: string[] = []
  for (const word of hex.split(' ').flatMap((each) => each.match(/.{1,64}/g) ?? [])) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= MOST_DIGITS) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

const [UINT, , BYTES, TEXT, ARRAY, MAP] = [0, 1, 2, 3, 4, 5] as const
const SIMPLE = new Map([
  [20, 'false'],
  [21, 'true'],
  [22, 'null'],
])

interface Head {
  major: number
  value: number
  /** Where what it speaks of begins, and where that ends if it holds no other items. */
  start: number
  end: number
}

/**
 * What the items of arrays are, by where the array is: the keys and names that lead there, with dots between, `*` for an item without a
 * name; '' for the outermost.
 */
export type Names = Readonly<Record<string, readonly string[]>>

/** Deterministic CBOR of the kinds we use, an item to a line; a map's entry shares its line with a value that holds no others. */
export function cborParts(bytes: Uint8Array, names: Names = {}): Part[] {
  const parts: Part[] = []
  const read = (place: Place): number => {
    const { at, depth, path } = place
    const head = headAt(bytes, at)
    const hex = [place.keyHex, toHex(bytes.subarray(at, head.start)), toHex(bytes.subarray(head.start, head.end))]
    parts.push({ hex: hex.filter((word) => word !== '').join(' '), says: (place.name && `${place.name}: `) + says(bytes, head), depth })
    const inside = (name: string): string => (path === '' ? name : `${path}.${name}`)
    let next = head.end
    for (let i = 0; head.major === ARRAY && i < head.value; i += 1) {
      const name = names[path]?.[i] ?? ''
      next = read({ at: next, depth: depth + 1, path: inside(name || '*'), name, keyHex: '' })
    }
    for (let i = 0; head.major === MAP && i < head.value; i += 1) {
      const key = headAt(bytes, next)
      const name = textOf(bytes, key)
      next = read({ at: key.end, depth: depth + 1, path: inside(name), name, keyHex: toHex(bytes.subarray(next, key.end)) })
    }
    return next
  }
  if (read({ at: 0, depth: 0, path: '', name: '', keyHex: '' }) !== bytes.length) throw new RangeError('more than one item')
  return parts
}

interface Place {
  at: number
  depth: number
  path: string
  name: string
  /** The key in front of it. */
  keyHex: string
}

function headAt(bytes: Uint8Array, at: number): Head {
  const first = bytes[at] ?? 0xff
  const [major, info] = [first >> 5, first & 0x1f]
  const width = info < 24 ? 0 : 1 << (info - 24)
  if (info > 27) throw new RangeError('not deterministic CBOR')
  let value = width === 0 ? info : 0
  for (let i = at + 1; i <= at + width; i += 1) value = value * 256 + (bytes[i] ?? 0)
  const start = at + 1 + width
  return { major, value, start, end: major === BYTES || major === TEXT ? start + value : start }
}

const textOf = (bytes: Uint8Array, { start, end }: Head): string => Buffer.from(bytes.subarray(start, end)).toString('utf8')

function says(bytes: Uint8Array, head: Head): string {
  switch (head.major) {
    case UINT:
      return String(head.value)
    case BYTES:
      return `${head.value} bytes`
    case TEXT:
      return JSON.stringify(textOf(bytes, head))
    case ARRAY:
      return `array of ${head.value}`
    case MAP:
      return `map of ${head.value}`
    default:
      return SIMPLE.get(head.value) ?? 'unknown'
  }
}
