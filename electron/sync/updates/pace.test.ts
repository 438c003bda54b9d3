import { expect, it } from 'vitest'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { seededRandom } from '../../testing/mls/seeded.ts'
import { lifeOf, WEEKLY } from './pace.ts'

const random = seededRandom('pace')
const groupId = random.id<GroupId>()
const lives = Array.from({ length: 500 }, () => lifeOf(groupId, random.bytes(32), 16, WEEKLY))
const DAY = 86_400_000

it('U1: a key lives between five and nine days, spread over all of them', () => {
  expect(Math.min(...lives)).toBeGreaterThanOrEqual(5 * DAY)
  expect(Math.max(...lives)).toBeLessThan(9 * DAY)
  const days = lives.map((life) => Math.floor(life / DAY))
  for (const day of [5, 6, 7, 8]) expect(days.filter((one) => one === day).length).toBeGreaterThan(80)
})

it('U1: is the same each time it is asked for, and another in another group', () => {
  const key = random.bytes(32)
  const life = lifeOf(groupId, key, 3, WEEKLY)
  expect(lifeOf(groupId, key, 3, WEEKLY)).toBe(life)
  expect(lifeOf(random.id<GroupId>(), key, 3, WEEKLY)).not.toBe(life)
})

it('U1: lives longer where there are many, or their updates would use up the epochs that are kept; but not much more than a month', () => {
  const key = random.bytes(32)
  const lives = [2, 16, 32, 64, 250].map((leaves) => lifeOf(groupId, key, leaves, WEEKLY) / lifeOf(groupId, key, 1, WEEKLY))
  expect(lives.map((times) => Math.round(times * 100) / 100)).toEqual([1, 1, 2, 4, 4])
})
