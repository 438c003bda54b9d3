import { equalBytes } from '../../kernel/bytes.ts'
import { anyBytes, mutateBytes } from './mutate-bytes.ts'
import { mutateValue } from './mutate-value.ts'
import type { QuickDice } from './quick-dice.ts'
import type { Subject } from './subject.ts'

/** Elements of a vector or array: enough that a decoder whose work grows with the square of them takes seconds. */
const REPEAT = 4_000
/** Nothing larger is worth the time: what is refused for its size alone has tests of its own. */
const LARGEST_BYTES = 512 * 1024

/** The samples of a subject, opened once: opening them for each mutant would cost more than the mutants. */
export interface Stock {
  subject: Subject
  encoded: readonly Uint8Array[]
  opened: readonly unknown[]
}

export function stockOf(subject: Subject): Stock {
  const { structure, samples, seeds = [] } = subject
  const encoded = [...samples, ...seeds]
  return { subject, encoded, opened: structure === null ? [] : encoded.map((each) => structure.open(each)) }
}

function wellFormed(dice: QuickDice, { subject, opened }: Stock): Uint8Array | null {
  const { structure } = subject
  if (structure === null) return null
  let value = dice.pick(opened)
  for (let left = dice.chance(0.7) ? 1 : dice.between(2, 4); left > 0; left -= 1)
    value = mutateValue(dice, value, { loose: structure.loose, repeat: REPEAT })
  try {
    return structure.close(value)
  } catch {
    // it cannot be written; bytes are changed instead
    return null
  }
}

/** One set of bytes that the subject may be offered by somebody who means no good. */
export function mutant(dice: QuickDice, stock: Stock): Uint8Array {
  if (dice.chance(0.04)) return anyBytes(dice)
  const { encoded } = stock
  const formed = dice.chance(0.55) ? wellFormed(dice, stock) : null
  // some changes change nothing
  const isNew = formed !== null && !encoded.some((each) => equalBytes(each, formed))
  if (isNew && dice.chance(0.9)) return formed.subarray(0, LARGEST_BYTES)
  let bytes = formed ?? dice.pick(encoded)
  for (let left = dice.chance(0.7) ? 1 : dice.between(2, 5); left > 0; left -= 1) bytes = mutateBytes(dice, bytes, dice.pick(encoded))
  return bytes.subarray(0, LARGEST_BYTES)
}
