import { expect, test } from 'vitest'
import { larger } from './larger.ts'

test('what is larger is larger, and what is smaller is not; nothing is said of what is equal', () => {
  expect(larger(2, 1)).toBe(true)
  expect(larger(1, 2)).toBe(false)
})
