import { expect, it } from 'vitest'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import { idOf, makeMessage } from '../../testing/make.ts'
import { toRows } from './rows.ts'

const channel = idOf<ChannelId>('channel')
const at = (seq: number, author: string, minutes: number) =>
  makeMessage(channel, seq, author, 'text', { sentAt: new Date(2026, 10, 20, 12, minutes).getTime() })
const opens = (...messages: ReturnType<typeof at>[]) => toRows(messages, null).map((row) => row.opensGroup)

it('groups one author within five minutes', () => {
  expect(opens(at(1, 'Bob', 0), at(2, 'Bob', 4), at(3, 'Bob', 10), at(4, 'Alice', 10))).toEqual([true, false, true, true])
})

it('begins a day, and a group with it, at local midnight', () => {
  const late = makeMessage(channel, 1, 'Bob', 'text', { sentAt: new Date(2026, 10, 20, 23, 59).getTime() })
  const early = makeMessage(channel, 2, 'Bob', 'text', { sentAt: new Date(2026, 10, 21, 0, 1).getTime() })
  const rows = toRows([late, early], null)
  expect(rows.map((row) => row.day)).toEqual([late.sentAt, early.sentAt])
  expect(rows[1]?.opensGroup).toBe(true)
})

it('draws a line where this device joined, between what was shared and what came to it, and once', () => {
  const rows = toRows([at(-2, 'Bob', 0), at(-1, 'Bob', 1), at(1, 'Bob', 2), at(2, 'Bob', 3)], null)
  expect(rows.map((row) => [row.joinedLine, row.opensGroup])).toEqual([
    [false, true],
    [false, false],
    [true, true],
    [false, false],
  ])
})

it('draws a line where this device was no member, whatever clocks say, and not where members shared what was said then', () => {
  const sentAt = (minutes: number) => new Date(2026, 10, 20, 12, minutes).getTime()
  const away = [
    { from: sentAt(1), to: sentAt(2) },
    { from: sentAt(10), to: sentAt(30) },
  ]
  const lines = (...messages: ReturnType<typeof at>[]) => toRows(messages, null, away).map((row) => row.awayLine)
  expect(lines(at(1, 'Bob', 4), at(2, 'Bob', 12), at(3, 'Bob', 29), at(4, 'Bob', 31))).toEqual([null, null, away[1], null])
  expect(lines(at(1, 'Bob', 0), at(2, 'Bob', 31))).toEqual([null, away[1]])
  expect(lines(at(1, 'Bob', 4), at(-1, 'Bob', 15), at(-2, 'Bob', 25), at(3, 'Bob', 31))).toEqual([null, null, null, null])
  expect(toRows([at(1, 'Bob', 4), at(2, 'Bob', 5)], null, []).map((row) => row.opensGroup)).toEqual([true, false])
})

it('breaks a group at the unread line', () => {
  const [first, second] = [at(1, 'Bob', 0), at(2, 'Bob', 1)]
  const rows = toRows([first, second], second.messageId)
  expect(rows.map((row) => [row.unreadLine, row.opensGroup])).toEqual([
    [false, true],
    [true, true],
  ])
})
