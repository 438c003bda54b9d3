import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { bytes, flag, integer, json, nullable, nullableText, oneOf, optional, row, text } from './columns.ts'

const unreadable: unknown = expect.objectContaining({ name: 'AppError', code: 'unreadable' })

describe('columns', () => {
  test.each<[string, () => unknown, unknown]>([
    ['text', () => text('a'), 'a'],
    ['a null text', () => nullableText(null), null],
    ['a text that may be null', () => nullableText('a'), 'a'],
    ['an integer', () => integer(-3), -3],
    ['a null integer', () => nullable(integer)(null), null],
    ['flags', () => [flag(0), flag(1)], [false, true]],
    ['one of a list', () => oneOf('a', 'b')('b'), 'b'],
    ['JSON', () => json(z.array(z.int()))('[1,2]'), [1, 2]],
    ['a row, without what nobody asked for', () => row({ a: integer })({ a: 1, b: 2 }), { a: 1 }],
    ['no row', () => optional(integer, undefined), null],
  ])('decode %s', (_what, decode, expected) => {
    expect(decode()).toEqual(expected)
  })

  test.each<[string, () => unknown]>([
    ['a number for text', () => text(1)],
    ['null for text', () => text(null)],
    ['a number for text that may be null', () => nullableText(1)],
    ['text for an integer', () => integer('1')],
    ['a fraction', () => integer(1.5)],
    ['an integer that is not exact', () => integer(2 ** 60)],
    ['another number for a flag', () => flag(2)],
    ['a word not on the list', () => oneOf('a', 'b')('c')],
    ['text for bytes', () => bytes('a')],
    ['what is no JSON', () => json(z.unknown())('{')],
    ['JSON of another shape', () => json(z.array(z.int()))('{"a":1}')],
    ['a row without a column', () => row({ a: integer })({ b: 1 })],
    ['no row at all', () => row({ a: integer })(null)],
  ])('refuse %s', (_what, decode) => {
    expect(decode).toThrow(unreadable)
  })

  test('bytes are a plain copy', () => {
    const source = Buffer.from([1, 2, 3])
    const copy = bytes(source)
    source.fill(0)
    expect(copy).toEqual(Uint8Array.of(1, 2, 3))
    expect(Buffer.isBuffer(copy)).toBe(false)
  })
})
