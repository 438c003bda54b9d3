import { expect, it } from 'vitest'
import { recall, remember } from './remembered.ts'

const holding = (text: string | null) => ({ getItem: () => text })

it('comes back as it was', () => {
  let stored = ''
  remember({ setItem: (_, value) => (stored = value) }, { columnWidth: 300, membersShown: false, theme: 'dark' })
  expect(recall(holding(stored))).toEqual({ columnWidth: 300, membersShown: false, theme: 'dark' })
})

it.each([null, '', 'null', '7', '{"columnWidth":9999,"membersShown":"yes","theme":"pink"}', '{broken'])(
  'is the usual shape for %s',
  (text) => {
    expect(recall(holding(text))).toEqual({ columnWidth: 240, membersShown: true, theme: 'system' })
  },
)

it('says so when it cannot be kept', () => {
  const full = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  expect(remember({ setItem: full }, { columnWidth: 240, membersShown: true, theme: 'system' })).toBe(false)
})
