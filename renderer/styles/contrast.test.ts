// @vitest-environment node
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { contrast } from '../testing/contrast.ts'
import type { Oklch } from '../testing/contrast.ts'

const tokens = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

/** Reads the tokens as the browser would, for one theme. */
function theme(which: 'light' | 'dark') {
  const plain = tokens.slice(0, tokens.indexOf('@media (prefers-contrast'))
  const value = (name: string): string => new RegExp(`--${name}: ([^;]+);`).exec(plain)?.[1] ?? expect.unreachable(`no --${name}`)
  const colour = (text: string): Oklch => {
    const both = /^light-dark\((.+\)|[^,]+), (.+)\)$/.exec(text)
    if (both !== null) return colour((which === 'light' ? both[1] : both[2]) ?? '')
    const reference = /^var\(--([\w-]+)\)$/.exec(text)
    if (reference !== null) return colour(value(reference[1] ?? ''))
    const [lightness, chroma, hue] = (/^oklch\(([^/)]+)\)$/.exec(text)?.[1] ?? expect.unreachable(`not a colour: ${text}`))
      .split(' ')
      .map(Number)
    return [lightness ?? NaN, chroma ?? NaN, hue ?? NaN]
  }
  return (name: string) => colour(value(name))
}

const grounds = ['background', 'shell', 'surface', 'raised', 'sunken'] as const

it.each(['light', 'dark'] as const)('%s: text is legible on every ground, messages comfortably', (which) => {
  const token = theme(which)
  for (const ground of grounds) {
    expect(contrast(token('text'), token(ground)), `text on ${ground}`).toBeGreaterThanOrEqual(7)
    for (const name of ['muted', 'accent', 'danger', 'warning']) {
      expect(contrast(token(name), token(ground)), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5)
    }
    expect(contrast(token('border-strong'), token(ground)), `border of controls on ${ground}`).toBeGreaterThanOrEqual(3)
  }
  expect(contrast(token('on-accent'), token('accent'))).toBeGreaterThanOrEqual(4.5)
  for (const name of ['danger', 'warning', 'text']) {
    const ground = name === 'warning' ? 'warning-soft' : 'danger-soft'
    expect(contrast(token(name), token(ground)), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5)
  }
})

it.each([
  ['light', 0.46],
  ['dark', 0.8],
] as const)('%s: names of people are legible whatever their hue', (which, lightness) => {
  expect(tokens).toContain(`--person-name-lightness: ${lightness}`)
  for (let hue = 0; hue < 360; hue += 5) {
    expect(contrast([lightness, 0.1, hue], theme(which)('surface')), `hue ${hue}`).toBeGreaterThanOrEqual(4.5)
  }
})
