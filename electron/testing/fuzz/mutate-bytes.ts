import type { QuickDice } from './quick-dice.ts'

/** Changes that know nothing of a format but what all have in common: numbers, lengths, and places where one thing ends. */

const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))

export function randomBytes(dice: QuickDice, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i += 1) bytes[i] = dice.word() >>> 24
  return bytes
}

/** A range of them that is not empty, unless there is nothing; mostly short. */
function range(dice: QuickDice, { length }: Uint8Array): [from: number, to: number] {
  const from = dice.between(0, Math.max(0, length - 1))
  const size = dice.chance(0.8) ? dice.between(1, 16) : dice.between(1, Math.max(1, length))
  return [from, Math.min(length, from + size)]
}

/** The beginnings of vectors and of CBOR items that say they are long: 2^30 − 1, 2^32 − 1, 2^64 − 1, 2^53 and some that fit a limit. */
const LONG = [
  [0x7f, 0xff],
  [0x40, 0x00],
  [0xbf, 0xff, 0xff, 0xff],
  [0x80, 0x00, 0x00, 0x00],
  [0xc0, 0, 0, 0, 0, 0, 0, 0],
  [0x5a, 0xff, 0xff, 0xff, 0xff],
  [0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0x7a, 0x10, 0x00, 0x00, 0x00],
  [0x9a, 0xff, 0xff, 0xff, 0xff],
  [0x9b, 0x00, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
  [0xba, 0x00, 0xff, 0xff, 0xff],
  [0x9f],
  [0xbf],
  [0x5f],
  [0xff],
  [0x00, 0x01, 0x00, 0x00],
  [0x00, 0x00, 0xff, 0xff],
].map((bytes) => Uint8Array.from(bytes))

const EDGES = [0, 1, 0x17, 0x18, 0x1f, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0xa1, 0xbf, 0xc0, 0xd8, 0xf6, 0xf7, 0xfb, 0xfe, 0xff]

function overwrite(bytes: Uint8Array, at: number, by: Uint8Array): Uint8Array {
  const changed = new Uint8Array(bytes)
  for (let i = 0; i < by.length && at + i < changed.length; i += 1) changed[at + i] = by[i] ?? 0
  return changed
}

/** Adds a little to a big-endian number of 1, 2, 4 or 8 bytes: lengths that are nearly right. */
function nudge(dice: QuickDice, bytes: Uint8Array, at: number): Uint8Array {
  const width = dice.pick([1, 2, 4, 8])
  if (at + width > bytes.length) return bytes
  const changed = Buffer.from(bytes)
  const by = BigInt(dice.pick([-256, -16, -2, -1, 1, 2, 16, 255, 65_536]))
  let value = 0n
  for (let i = 0; i < width; i += 1) value = (value << 8n) | BigInt(changed[at + i] ?? 0)
  value = BigInt.asUintN(width * 8, value + by)
  for (let i = width - 1; i >= 0; i -= 1, value >>= 8n) changed[at + i] = Number(value & 0xffn)
  return new Uint8Array(changed)
}

type Change = (dice: QuickDice, bytes: Uint8Array, other: Uint8Array) => Uint8Array

const flipBits: Change = (dice, bytes) => {
  const changed = new Uint8Array(bytes)
  for (let left = dice.chance(0.7) ? 1 : dice.between(2, 12); left > 0; left -= 1) {
    const at = dice.between(0, Math.max(0, bytes.length - 1))
    changed[at] = (changed[at] ?? 0) ^ (1 << dice.between(0, 7))
  }
  return changed
}

const changes: readonly Change[] = [
  flipBits,
  flipBits,
  (dice, bytes) => bytes.slice(0, dice.between(0, bytes.length)),
  (dice, bytes) => bytes.slice(Math.min(bytes.length, dice.between(1, 8))),
  (dice, bytes) => join(bytes, randomBytes(dice, dice.between(1, 24))),
  // one byte that means something in many formats, or a length beyond everything
  (dice, bytes) => overwrite(bytes, dice.between(0, bytes.length), Uint8Array.of(dice.pick(EDGES))),
  (dice, bytes) => overwrite(bytes, dice.between(0, bytes.length), dice.pick(LONG)),
  (dice, bytes) => nudge(dice, bytes, dice.between(0, bytes.length)),
  (dice, bytes) => {
    const [from, to] = range(dice, bytes)
    return join(bytes.subarray(0, from), bytes.subarray(to))
  },
  (dice, bytes) => {
    const [from, to] = range(dice, bytes)
    const times = dice.chance(0.9) ? dice.between(1, 4) : dice.between(5, 200)
    return join(bytes.subarray(0, from), ...Array.from({ length: times }, () => bytes.subarray(from, to)), bytes.subarray(from))
  },
  (dice, bytes) => {
    const at = dice.between(0, bytes.length)
    return join(bytes.subarray(0, at), dice.chance(0.5) ? dice.pick(LONG) : randomBytes(dice, dice.between(1, 12)), bytes.subarray(at))
  },
  // the beginning of one and the end of another
  (dice, bytes, other) => join(bytes.subarray(0, dice.between(0, bytes.length)), other.subarray(dice.between(0, other.length))),
  // a piece of another at the same or another place
  (dice, bytes, other) => {
    const [from, to] = range(dice, other)
    return overwrite(bytes, dice.chance(0.5) ? from : dice.between(0, bytes.length), other.subarray(from, to))
  },
]

/** One change of `bytes`; `other` is what it may be mixed with. The input stays as it is. */
export const mutateBytes = (dice: QuickDice, bytes: Uint8Array, other: Uint8Array): Uint8Array => dice.pick(changes)(dice, bytes, other)

/** Bytes that are no change of anything: noise, or one byte over and over, which nests without end in CBOR. */
export function anyBytes(dice: QuickDice): Uint8Array {
  const length = dice.chance(0.95) ? dice.between(0, 300) : dice.between(300, 70_000)
  return dice.chance(0.5) ? randomBytes(dice, length) : new Uint8Array(length).fill(dice.pick(EDGES))
}
