import { mutateBytes, randomBytes } from './mutate-bytes.ts'
import type { QuickDice } from './quick-dice.ts'

/**
 * Changes of a decoded structure, which is then encoded again: what comes out is well-formed and wrong, so it gets past the first
 * door. `loose` also changes types, keys and nesting, for formats that can say everything (CBOR); without it every field keeps
 * its type, for encoders that know what they want (TLS).
 */
export interface ValueOptions {
  loose: boolean
  /** The most often an element is repeated, rarely. */
  repeat: number
}

const NUMBERS = [0, 1, 2, 3, 7, 23, 24, 127, 128, 255, 256, 1023, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1]
const LOOSE_NUMBERS = [...NUMBERS, -1, -(2 ** 31), 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 60, 0.5, 1e300]
const BIGS = [0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]
const TEXTS = ['', ' ', 'a', '\u0000', '\u202e', '\ufeffx', '\ud800', 'é'.repeat(40), '/ip4/1.2.3.4/tcp/1', '__proto__', 'constructor']

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)

function nested(dice: QuickDice, value: unknown): unknown {
  let outer = value
  const depth = dice.chance(0.97) ? dice.between(1, 20) : dice.between(20, 1_000)
  const asMap = dice.chance(0.3)
  for (let i = 0; i < depth; i += 1) outer = asMap ? { a: outer } : [outer]
  return outer
}

const anything = (dice: QuickDice): unknown =>
  dice.pick<() => unknown>([
    () => dice.pick(LOOSE_NUMBERS),
    () => dice.pick(TEXTS),
    () => randomBytes(dice, dice.pick([0, 1, 16, 32, 64])),
    () => dice.chance(0.5),
    () => null,
    () => [],
    () => ({}),
    () => dice.pick(BIGS),
  ])()

function mutateText(dice: QuickDice, text: string): string {
  if (dice.chance(0.3)) return dice.pick(TEXTS)
  const at = dice.between(0, text.length)
  if (dice.chance(0.3)) return text.slice(0, at)
  if (dice.chance(0.1)) return text.repeat(dice.between(2, 400))
  return text.slice(0, at) + dice.pick(TEXTS) + text.slice(dice.chance(0.5) ? at : at + 1)
}

function mutateLength(dice: QuickDice, bytes: Uint8Array, options: ValueOptions): Uint8Array {
  const length = dice.pick([0, 1, bytes.length - 1, bytes.length + 1, bytes.length * 2, 16, 32, 64])
  const rarely = dice.chance(0.02) ? dice.between(0, options.repeat * 16) : length
  const changed = new Uint8Array(Math.max(0, rarely))
  changed.set(bytes.subarray(0, changed.length))
  return changed
}

/** How many values are in a value, counted up to `most`: what is large already is not repeated often. */
function weight(value: unknown, most: number): number {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return 1
  let sum = 1
  for (const inner of Object.values(value)) {
    sum += weight(inner, most - sum)
    if (sum >= most) return most
  }
  return sum
}

function mutateArray(dice: QuickDice, array: readonly unknown[], options: ValueOptions): unknown[] {
  const at = dice.between(0, Math.max(0, array.length - 1))
  const many = Math.floor(options.repeat / weight(array[at], options.repeat))
  const times = dice.chance(0.97) ? dice.between(1, 3) : dice.between(1, Math.max(1, many))
  return dice.pick<() => unknown[]>([
    () => array.filter((_, i) => i !== at),
    () => (array.length === 0 ? [] : [...array, ...Array.from({ length: times }, () => array[at])]),
    () => array.toReversed(),
    () => [],
    () => (options.loose ? [...array, anything(dice)] : array.slice(0, at)),
  ])()
}

function mutateRecord(dice: QuickDice, record: Record<string, unknown>, { loose }: ValueOptions): unknown {
  const keys = Object.keys(record)
  if (keys.length === 0) return loose ? { a: anything(dice) } : record
  const [key, other] = [dice.pick(keys), dice.pick(keys)]
  // optional fields are the only ones that may go
  if (!loose) return record[key] === undefined ? record : { ...record, [key]: record[other] }
  const { [key]: taken, ...rest } = record
  return dice.pick<() => unknown>([
    () => rest,
    () => ({ ...rest, [dice.pick(TEXTS)]: taken }),
    () => ({ ...record, [dice.pick(['a', 'more', '__proto__', 'kind'])]: anything(dice) }),
    () => ({ ...record, [key]: record[other], [other]: taken }),
  ])()
}

function mutateHere(dice: QuickDice, value: unknown, options: ValueOptions): unknown {
  if (options.loose && dice.chance(0.15)) return dice.chance(0.5) ? anything(dice) : nested(dice, value)
  if (value instanceof Uint8Array) return dice.chance(0.5) ? mutateBytes(dice, value, value) : mutateLength(dice, value, options)
  if (typeof value === 'number') {
    if (dice.chance(0.4)) return options.loose ? value + dice.pick([-1, 1]) : Math.max(0, value + dice.pick([-1, 1]))
    return dice.pick(options.loose ? LOOSE_NUMBERS : NUMBERS)
  }
  if (typeof value === 'bigint') return dice.chance(0.4) ? BigInt.asUintN(64, value + 1n) : dice.pick(BIGS)
  if (typeof value === 'string') return mutateText(dice, value)
  if (Array.isArray(value)) return mutateArray(dice, value, options)
  if (isRecord(value)) return mutateRecord(dice, value, options)
  return options.loose ? anything(dice) : value
}

/** One change somewhere in `value`, which stays as it is: what the answer shares with it is not changed. */
export function mutateValue(dice: QuickDice, value: unknown, options: ValueOptions): unknown {
  const inside = Array.isArray(value) ? value.length : isRecord(value) ? Object.keys(value).length : 0
  if (inside === 0 || dice.chance(0.12)) return mutateHere(dice, value, options)
  if (Array.isArray(value)) return value.with(dice.between(0, inside - 1), mutateValue(dice, dice.pick(value), options))
  const record = value as Record<string, unknown>
  const key = dice.pick(Object.keys(record))
  return { ...record, [key]: mutateValue(dice, record[key], options) }
}
