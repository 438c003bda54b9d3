import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from '../setup/paths.mjs'
import { SetupError } from '../setup/progress.mjs'

/** Which letters they are. */
const SHEET = 'renderer/styles/first-letters.css'
const WHOLE = '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'
/** What the styles ask for (renderer/styles/tokens.css), and what a browser makes of `bolder`. */
const WEIGHTS = { min: 400, max: 700 }

/**
 * The letters that a style sheet has a font for, by its only `unicode-range`. Pure.
 * @param {string} sheet
 * @returns {string}
 */
export const lettersOf = (sheet) => {
  const [ranges, ...more] = [...sheet.matchAll(/unicode-range:([^;}]+)/g)].map((match) => match[1] ?? '')
  if (ranges === undefined || more.length > 0) throw new SetupError(`${SHEET} needs one unicode-range`)
  const letters = ranges.split(',').flatMap((range) => {
    const [, first, last = first] = /^\s*U\+([0-9A-F]+)(?:-([0-9A-F]+))?\s*$/i.exec(range) ?? []
    const [from, to] = [parseInt(first ?? '', 16), parseInt(last ?? '', 16)]
    if (Number.isNaN(from) || to < from) throw new SetupError(`${SHEET}: not a range of letters: ${range.trim()}`)
    return Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at))
  })
  return letters.join('')
}

/** Those letters of Inter as a font of their own, not compressed. @returns {Promise<Uint8Array>} */
const cut = async () => {
  const [{ default: subset }, sheet, whole] = await Promise.all([
    import('subset-font'),
    readFile(join(root, SHEET), 'utf8'),
    readFile(createRequire(import.meta.url).resolve(WHOLE)),
  ])
  return subset(whole, lettersOf(sheet), { targetFormat: 'truetype', variationAxes: { wght: WEIGHTS } })
}

/** Makes what the style sheet asks for. @type {import('esbuild').Plugin} */
export const firstLetters = {
  name: 'first-letters',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /\/first-letters\.ttf$/ }, () => ({ path: 'first-letters.ttf', namespace: 'first-letters' }))
    onLoad({ filter: /^/, namespace: 'first-letters' }, async () => ({ contents: await cut(), loader: 'file' }))
  },
}
