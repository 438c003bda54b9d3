import { expect, it } from 'vitest'
import { isEmojiOnly } from './emoji-only.ts'

it.each(['🐼', '👩‍👩‍👧‍👦 🐼', '👍🏽👍🏽👍🏽', '🇸🇪 \n🎻', '1️⃣', ' ❤️ '])('knows %s as emoji alone', (text) => {
  expect(isEmojiOnly(text)).toBe(true)
})

it.each(['', ' ', 'ok 👍', '3', '#', '🐼🐼🐼🐼🐼🐼🐼', '©', 'a', '🐼'.repeat(20_000)])('leaves other text its size: %#', (text) => {
  expect(isEmojiOnly(text)).toBe(false)
})
