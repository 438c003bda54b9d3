import { InvalidArgumentError } from 'commander'

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const isUnit = (text: string): text is keyof typeof UNITS => Object.hasOwn(UNITS, text)

/** `90s`, `30m`, `12h`, `7d` as milliseconds. */
export function parseDuration(text: string): number {
  const [, digits, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (digits === undefined || unit === undefined || !isUnit(unit))
    throw new InvalidArgumentError('It must be a number and a unit: 90s, 30m, 12h or 7d.')
  return Number(digits) * UNITS[unit]
}

const MOST = 999_999_999

export const parseCount = countUpTo(MOST)

/** Reads a whole number from 1 to `most`. */
export function countUpTo(most: number): (text: string) => number {
  return (text) => {
    if (!/^[1-9]\d*$/.test(text) || Number(text) > most) throw new InvalidArgumentError(`It must be a whole number from 1 to ${most}.`)
    return Number(text)
  }
}
