import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeCursor, encodeCursor } from './message-cursor.ts'

const safe = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const id = fc.stringMatching(/^[0-9a-f]{32}$/)

test('every place survives the way there and back, inside the contract of calls', () => {
  fc.assert(
    fc.property(safe, safe, id, (lamport, seq, messageId) => {
      const cursor = encodeCursor({ lamport, seq, messageId })
      expect(cursor.length).toBeLessThanOrEqual(64)
      expect(decodeCursor(cursor)).toEqual({ lamport, seq, messageId })
    }),
  )
})

test('any other text is refused as invalid input', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        expect(encodeCursor(decodeCursor(text))).toBe(text)
      } catch (thrown) {
        expect(thrown).toMatchObject({ name: 'AppError', code: 'invalid' })
      }
    }),
  )
})
