import { expect, test } from 'vitest'
import { systemRandom } from '../kernel/random.ts'
import { firstCheckAfter } from './schedule.ts'

const HOUR = 3_600_000
const NOW = 1_000 * HOUR
const minutesAfter = (began: number): number => firstCheckAfter(began, NOW, { ...systemRandom, fraction: () => 0.5 }) / 60_000

test('nothing is looked for on the first day, and then minutes after a start', () => {
  expect(minutesAfter(NOW)).toBe(24 * 60)
  expect(minutesAfter(NOW - 23 * HOUR)).toBe(60)
  expect(minutesAfter(NOW - 24 * HOUR)).toBe(2.5)
  expect(minutesAfter(0)).toBe(2.5)
})

test('a first start that is to come by the clock, which was wrong then or is now, is waited for by nobody', () => {
  expect(minutesAfter(NOW + 5_000 * HOUR)).toBe(2.5)
})
