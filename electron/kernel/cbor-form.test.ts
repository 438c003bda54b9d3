import { decode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { equalBytes, fromHex } from './bytes.ts'
import { CBOR_BOUNDS, isInForm } from './cbor-form.ts'
import { fromCbor, toCbor } from './cbor.ts'

const RUNS = 20_000
const STRICT = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowNaN: false,
  allowInfinity: false,
  rejectDuplicateMapKeys: true,
}

/** What the form is for: to write again what was read gives the same bytes. */
function isWrittenAgain(bytes: Uint8Array): boolean {
  try {
    return equalBytes(toCbor(decode(bytes, STRICT)), bytes)
  } catch {
    return false
  }
}

const isRead = (bytes: Uint8Array): boolean => {
  const nothing = Symbol('nothing')
  const seen = { value: nothing as unknown }
  fromCbor(
    bytes,
    z.unknown().transform((value) => (seen.value = value)),
  )
  return seen.value !== nothing
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constant('\u{feff}mark'),
  fc.string({ minLength: 30, maxLength: 70 }),
)
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n })),
    text,
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(null, true, false),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
}))

describe('the form of CBOR', () => {
  it('is that of all that is written, but a text with a mark of the order of bytes', () => {
    fc.assert(
      fc.property(value, (any) => {
        const bytes = toCbor(any)
        expect(isRead(bytes)).toBe(isWrittenAgain(bytes))
      }),
      { numRuns: RUNS },
    )
  })

  it('is that of nothing else: what is read gives the same bytes again, whatever changed in them', () => {
    const change = fc.record({
      at: fc.nat(),
      to: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0xf8, 0xf9, 0xfa, 0xfb, 0xff, 0x18, 0x78, 0xef)),
    })
    fc.assert(
      fc.property(value, fc.array(change, { minLength: 1, maxLength: 3 }), (any, changes) => {
        const bytes = toCbor(any).slice()
        for (const { at, to } of changes) bytes[at % bytes.length] = to
        expect(isRead(bytes)).toBe(isWrittenAgain(bytes))
      }),
      { numRuns: RUNS },
    )
  })

  it('is that of no noise that would be written in another way', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        expect(isRead(bytes)).toBe(isWrittenAgain(bytes))
      }),
      { numRuns: RUNS },
    )
  })

  it.each([
    ['keys the wrong way round', 'a2616202616101'],
    ['a longer key before a shorter one', 'a262616101616202'],
    ['a key twice', 'a2616101616101'],
    ['keys the wrong way round further in', '81a2616202616101'],
    ['a key that is a list', 'a18001'],
    ['text that is not UTF-8', '62c328'],
    ['half of a surrogate pair', '63eda080'],
    ['a mark of the order of bytes', '64efbbbf61'],
    ['half a number with more places than it needs', 'fa3f800000'],
  ])('refuses %s before anything is read', (_, hex) => {
    expect(isInForm(CBOR_BOUNDS, fromHex(hex))).toBe(false)
  })
})
