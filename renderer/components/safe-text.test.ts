import { expect, it } from 'vitest'
import { safeName, spokenText, textParts } from './safe-text.ts'

it('shows controls that reorder text as markers and keeps the rest', () => {
  expect(textParts('abc\u202etxt.exe')).toEqual([
    { kind: 'text', text: 'abc' },
    { kind: 'hidden', code: 'U+202E' },
    { kind: 'text', text: 'txt.exe' },
  ])
  expect(textParts('a\u2066b\u0000c').filter((part) => part.kind === 'hidden')).toHaveLength(2)
})

it('keeps line breaks, tabs, joiners and right-to-left letters', () => {
  const text = 'one\n\ttwo 👩‍👩‍👧‍👦 مرحبا\u200f'
  expect(textParts(text)).toEqual([{ kind: 'text', text }])
})

it('marks https addresses only, without the punctuation that follows them', () => {
  const parts = textParts('See https://example.org/a?b=1). Not http://x.org, javascript:alert(1) or file:///etc')
  expect(parts.filter((part) => part.kind === 'link')).toEqual([{ kind: 'link', text: 'https://example.org/a?b=1', host: null }])
})

it('names the real host of an address that only looks like another', () => {
  const [link] = textParts('https://аpple.com/login')
  expect(link).toMatchObject({ kind: 'link', host: 'xn--pple-43d.com' })
  const [credentials] = textParts('https://bank.example@evil.example/')
  expect(credentials).toMatchObject({ kind: 'link', host: 'evil.example' })
})

it('loses nothing: the parts of any text put together are the text', () => {
  const text = 'a\u202eb https://example.org/\u2066x c https:// https://. d'
  const whole = textParts(text)
    .map((part) => (part.kind === 'hidden' ? String.fromCodePoint(Number.parseInt(part.code.slice(2), 16)) : part.text))
    .join('')
  expect(whole).toBe(text)
})

it('makes names fit for one line', () => {
  expect(safeName('  Bob\t\u202eevil  ')).toBe('Bob \ufffdevil')
  expect(safeName('\u0000')).toBe('\ufffd')
  expect(safeName('   ')).toBe('\ufffd')
  expect(spokenText('one\n\ntwo')).toBe('one two')
})

it('sets names from right to left apart, so that they have one order wherever they stand, and leaves all others as they are', () => {
  expect(safeName('بوب Bob')).toBe('\u2068بوب Bob\u2069')
  expect(safeName('Bob בוב')).toBe('\u2068Bob בוב\u2069')
  expect(safeName('\u2069بوب\u2068')).toBe('\u2068\ufffdبوب\ufffd\u2069')
  for (const name of ['Bob', 'Ольга', '熊猫', 'Zoë 🐼', '\u0000']) expect(safeName(name)).not.toMatch(/[\u2068\u2069]/u)
})
