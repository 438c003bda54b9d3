import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../setup/paths.mjs'

const code = /\.(?:ts|tsx|mjs|cjs|js|css)$/
const warnAt = 400
const failAt = 600

/** @param {readonly string[]} files */
const readAll = (files) => Promise.all(files.map(async (file) => ({ file, text: await readFile(join(root, file), 'utf8') })))

/** @param {string} text */
const lineCount = (text) => text.split('\n').length - (text.endsWith('\n') ? 1 : 0)

/** @param {{ file: string, text: string }[]} files */
export const judgeSizes = (files) => {
  const sized = files.map(({ file, text }) => ({ file, lines: lineCount(text) }))
  return {
    problems: sized
      .filter(({ lines }) => lines > failAt)
      .map(({ file, lines }) => `${file} has ${lines} lines, more than ${failAt}: split it`),
    warnings: sized
      .filter(({ lines }) => lines > warnAt && lines <= failAt)
      .map(({ file, lines }) => `${file} has ${lines} lines, more than ${warnAt}: think of splitting it`),
  }
}

/** @type {import('./outcome.mjs').Check} */
export const sizes = {
  name: 'file sizes',
  minimum: 50,
  cacheable: false,
  run: async ({ sources }) => {
    const files = await readAll(sources.filter((file) => code.test(file)))
    return { read: files.length, ...judgeSizes(files) }
  },
}

/** Put together here so that this file does not report itself. */
const focusMark = new RegExp(
  String.raw`\b(?:describe|test|it|suite)(?:\.\w+)*\.(?:on` +
    String.raw`ly|sk` +
    String.raw`ip|to` +
    String.raw`do)\b|\bx(?:it|describe)\(`,
)
const muteMark = new RegExp(['eslint-' + 'disable', '@ts-' + 'ignore', '@ts-' + 'nocheck', '@ts-' + 'expect-error'].join('|'))

/**
 * Marks that switch a test or a check off.
 * @param {{ file: string, text: string }} source
 */
export const findMarks = ({ file, text }) =>
  text.split('\n').flatMap((line, index) => {
    if (/\.(?:test|spec)\.\w+$/.test(file) && focusMark.test(line))
      return [`${file}:${index + 1} switches tests off: run them all (test.runIf says when one applies)`]
    return muteMark.test(line) ? [`${file}:${index + 1} switches a check off: correct what it reports`] : []
  })

/** @type {import('./outcome.mjs').Check} */
export const marks = {
  name: 'nothing switched off',
  minimum: 50,
  cacheable: false,
  run: async ({ sources }) => {
    const files = await readAll(sources.filter((file) => code.test(file)))
    return { read: files.length, problems: files.flatMap(findMarks) }
  },
}

/** @param {string} file relative, with forward slashes */
export const isWellNamed = (file) => {
  const name = file.split('/').at(-1) ?? ''
  return /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9-]+)*\.(?:ts|tsx|mjs|cjs|js|css)$/.test(name) || name.startsWith('.')
}

/** @type {import('./outcome.mjs').Check} */
export const names = {
  name: 'file names',
  minimum: 50,
  cacheable: false,
  run: ({ sources }) => {
    const files = sources.filter((file) => code.test(file))
    const problems = files.filter((file) => !isWellNamed(file)).map((file) => `${file}: file names are kebab-case`)
    return Promise.resolve({ read: files.length, problems })
  },
}
