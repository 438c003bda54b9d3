import { seededRandom } from '../mls/seeded.ts'

export interface Dice {
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  pick<T>(from: readonly T[]): T
  chance(probability: number): boolean
}

/** The same throws for the same seed. */
export function seededDice(seed: number | string): Dice {
  const random = seededRandom(seed)
  const between = (low: number, high: number): number => low + Math.floor(random.fraction() * (high - low + 1))
  return {
    between,
    chance: (probability) => random.fraction() < probability,
    pick: (from) => {
      const chosen = from[between(0, from.length - 1)]
      if (chosen === undefined) throw new Error('nothing to pick from')
      return chosen
    },
  }
}
