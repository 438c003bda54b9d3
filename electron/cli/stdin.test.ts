import { expect, it } from 'vitest'
import { textOf } from './stdin.ts'

const bytes = (...values: number[]): Uint8Array => new Uint8Array(values)

it('text comes as it is, with whatever it begins with', () => {
  expect(textOf(new TextEncoder().encode('\ufeffgrüß 🐼\n'), 'message')).toBe('\ufeffgrüß 🐼\n')
})

it.each([
  ['a byte that begins nothing', bytes(0x68, 0xff), 'is not text in UTF-8'],
  ['a character that was cut off', bytes(0xf0, 0x9f, 0x90), 'is not text in UTF-8'],
  ['half of a pair of surrogates', bytes(0xed, 0xa0, 0x80), 'is not text in UTF-8'],
  ['Latin-1', bytes(0x67, 0x72, 0xfc, 0xdf), 'is not text in UTF-8'],
  ['a zero byte', bytes(0x68, 0, 0x69), 'there is a zero byte in it'],
])('%s is refused in words', (_, input, words) => {
  expect(() => textOf(input, 'message')).toThrow(
    expect.objectContaining({ code: 'usage', message: expect.stringContaining(words) as string }),
  )
})
