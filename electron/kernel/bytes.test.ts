import { describe, expect, it } from 'vitest'
import { copyBytes, equalBytes, fromHex, fromUtf8, toHex, utf8 } from './bytes.ts'

describe('hexadecimal', () => {
  it('comes back, also from a window on larger memory', () => {
    const window = new Uint8Array([9, 0, 255, 16, 9]).subarray(1, 4)
    expect(toHex(window)).toBe('00ff10')
    expect(fromHex('00ff10')).toEqual(new Uint8Array([0, 255, 16]))
    expect(fromHex('')).toEqual(new Uint8Array())
  })

  it.each(['0', 'abc', 'zz', '0x00', ' 00', '00\n', '0०'])('refuses %j instead of stopping short', (text) => {
    expect(() => fromHex(text)).toThrow(TypeError)
  })
})

describe('UTF-8', () => {
  it('keeps a byte order mark, so that what was signed is what is read', () => {
    expect(fromUtf8(utf8('\ufeffa'))).toBe('\ufeffa')
  })

  it('refuses bytes that are none', () => {
    expect(() => fromUtf8(new Uint8Array([0xc3, 0x28]))).toThrow(TypeError)
  })
})

describe('equalBytes', () => {
  it('compares content and length', () => {
    const a = new Uint8Array([1, 2, 3])
    expect(equalBytes(a, new Uint8Array([0, 1, 2, 3]).subarray(1))).toBe(true)
    expect(equalBytes(a, new Uint8Array([1, 2, 4]))).toBe(false)
    expect(equalBytes(a, new Uint8Array([1, 2]))).toBe(false)
    expect(equalBytes(a, new Uint8Array([1, 2, 3, 0]))).toBe(false)
  })
})

describe('copyBytes', () => {
  it('leaves the copy alone when the original is wiped', () => {
    const original = new Uint8Array([1, 2])
    const copy = copyBytes(original)
    original.fill(0)
    expect(copy).toEqual(new Uint8Array([1, 2]))
  })
})
