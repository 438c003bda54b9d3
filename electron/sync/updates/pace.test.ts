import { expect, it } from 'vitest'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { seededRandom } from '../../testing/mls/seeded.ts'
import { lifeOf, WEEKLY } from './pace.ts'

const random = seededRandom('pace')
const groupId = random.id<GroupId>()
const lives = Array.from({ length: 500 }, () => lifeOf(groupId, random.bytes(32), WEEKLY))
const DAY = 86_400_000

it('U1: a key lives between five and nine days, spread over all of them', () => {
  expect(Math.min(...lives)).toBeGreaterThanOrEqual(5 * DAY)
  expect(Math.max(...lives)).toBeLessThan(9 * DAY)
  const days = lives.map((life) => Math.floor(life / DAY))
  for (const day of [5, 6, 7, 8]) expect(days.filter((one) => one === day).length).toBeGreaterThan(80)
})

it('U1: is the same each time it is asked for, and another in another group', () => {
  const key = random.bytes(32)
  expect(lifeOf(groupId, key, WEEKLY)).toBe(lifeOf(groupId, key, WEEKLY))
  expect(lifeOf(groupId, key, WEEKLY)).not.toBe(lifeOf(random.id<GroupId>(), key, WEEKLY))
})
