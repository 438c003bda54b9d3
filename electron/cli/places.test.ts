import { InvalidArgumentError } from 'commander'
import { describe, expect, it } from 'vitest'
import { parseKeepDays, parseLanding } from './places.ts'

describe('a place in a history', () => {
  it.each([
    ['unread', { kind: 'unread' }],
    ['ab'.repeat(16), { kind: 'message', messageId: 'ab'.repeat(16) }],
    ['2026-05-01', { kind: 'date', at: new Date(2026, 4, 1).getTime() }],
    ['2026-05-01 14:30', { kind: 'date', at: new Date(2026, 4, 1, 14, 30).getTime() }],
    ['2026-05-01T14:30:05Z', { kind: 'date', at: Date.UTC(2026, 4, 1, 14, 30, 5) }],
    ['2026-05-01T14:30+02:00', { kind: 'date', at: Date.UTC(2026, 4, 1, 12, 30) }],
    ['2024-02-29', { kind: 'date', at: new Date(2024, 1, 29).getTime() }],
  ])('%s is %j', (text, landing) => {
    expect(parseLanding(text)).toEqual(landing)
  })

  it.each(['', 'yesterday', '2026', '2026-13-01', '2026-00-01', '2026-02-30', '2026-05-01T25:00', '1900-01-01', 'AB'.repeat(16), '1'])(
    '%j is none',
    (text) => {
      expect(() => parseLanding(text)).toThrow(InvalidArgumentError)
    },
  )
})

describe('how long to keep', () => {
  it.each([
    ['forever', null],
    ['30', 30],
  ])('%s', (text, days) => {
    expect(parseKeepDays(text)).toBe(days)
  })

  it.each(['', '0', '-1', '1.5', 'never', '1e3'])('is not %j', (text) => {
    expect(() => parseKeepDays(text)).toThrow(InvalidArgumentError)
  })
})
