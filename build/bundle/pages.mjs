import { createRequire } from 'node:module'
import { readFile } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { compileFunction } from 'node:vm'
import { root } from '../setup/paths.mjs'
import { SetupError } from '../setup/progress.mjs'
import { firstLetters } from './first-letters.mjs'

/** @typedef {import('esbuild').BuildOptions} BuildOptions */
/** @typedef {Readonly<Record<string, { form: string, markup: string }>>} Stills what renderer/app/stills.tsx exports */
/** @typedef {{ files: { path: string, contents: Uint8Array }[], inputs: string[] }} Made whole paths, and what was read, as esbuild names it */

const STILL = '<!-- still -->'
const FONT = '<!-- font -->'
/** In which the window's words are set. Asked for at once, and drawn with from the first frame on: words in another one first would move. */
const isTextFont = (/** @type {string} */ path) => /first-letters-[A-Z0-9]+\.ttf$/.test(path)

/** @param {string} text @param {string} mark @param {string} by */
const replaceOnce = (text, mark, by) => {
  const [before, after, ...rest] = text.split(mark)
  if (before === undefined || after === undefined || rest.length > 0) throw new SetupError(`renderer/index.html needs one ${mark}`)
  return `${before}${by}${after}`
}

/** The program is a file of its own beside the script of the page. @type {import('esbuild').Plugin} */
const programApart = {
  name: 'program-apart',
  setup: ({ onResolve }) => onResolve({ filter: /\/start\.tsx$/ }, () => ({ path: './start.js', external: true })),
}

/** What draws the stills, beside the style sheet that goes with them. */
const isDrawing = (/** @type {{ path: string }} */ { path }) => basename(path) === 'page.js'

/**
 * Runs what draws the stills. @param {string} code a CommonJS module
 * @returns {Stills}
 */
const stillsOf = (code) => {
  const module = { exports: /** @type {{ stills?: Stills }} */ ({}) }
  compileFunction(code, ['module', 'exports', 'require'])(module, module.exports, createRequire(import.meta.url))
  const { stills } = module.exports
  if (stills === undefined) throw new SetupError('renderer/app/stills.tsx exports no stills')
  return stills
}

/**
 * One page without a form and one for each still form, from the same frame. Pure.
 * @param {string} frame renderer/index.html @param {string} font its place beside the pages @param {Stills} stills
 * @returns {Map<string, string>} markup by file name
 */
export const pagesOf = (frame, font, stills) => {
  const page = replaceOnce(frame, FONT, `<link rel="preload" href="${font}" as="font" type="font/ttf" crossorigin />`)
  const pages = new Map([['index.html', replaceOnce(page, STILL, '')]])
  for (const [name, { form, markup }] of Object.entries(stills)) {
    // The content policy of the page forbids both.
    if (/\sstyle=|<script|\son[a-z]+=/i.test(markup)) throw new SetupError(`the still form ${name} holds a style or a script`)
    pages.set(`${name}.html`, replaceOnce(page, STILL, `<div id="still" data-form="${form}">${markup}</div>`))
  }
  return pages
}

/**
 * What a window shows before its program is loaded: pages, their one style sheet with its fonts, and the script that loads the program.
 * @param {BuildOptions & { outdir: string }} options of the window's program
 * @returns {Promise<Made>}
 */
export const makePages = async (options) => {
  const { build } = await import('esbuild')
  const whole = { ...options, splitting: false, metafile: /** @type {const} */ (true), write: /** @type {const} */ (false) }
  const [script, drawn, frame] = await Promise.all([
    build({ ...whole, entryPoints: { main: 'renderer/app/main.ts' }, plugins: [programApart] }),
    build({
      ...whole,
      entryPoints: { page: 'renderer/app/stills.tsx' },
      plugins: [firstLetters],
      platform: 'node',
      format: 'cjs',
      sourcemap: false,
      // Short names would be those of other rules in the style sheet of the program, which comes beside this one.
      minify: false,
      minifyWhitespace: true,
      minifySyntax: true,
    }),
    readFile(join(root, 'renderer/index.html'), 'utf8'),
  ])
  const files = [...script.outputFiles, ...drawn.outputFiles.filter((file) => !isDrawing(file))]
  const font = files.find(({ path }) => isTextFont(path))
  if (font === undefined) throw new SetupError('no style sheet of the page asks for the font of the text')
  const place = relative(options.outdir, font.path).split(sep).join('/')
  const pages = pagesOf(frame, place, stillsOf(drawn.outputFiles.find(isDrawing)?.text ?? ''))
  return {
    files: [
      ...files.map(({ path, contents }) => ({ path, contents })),
      ...[...pages].map(([name, text]) => ({ path: join(options.outdir, name), contents: new TextEncoder().encode(text) })),
    ],
    inputs: [script, drawn].flatMap(({ metafile }) => shipped(metafile)),
  }
}

/** What is in a file that is kept: the drawing itself stays behind. @param {import('esbuild').Metafile} metafile */
const shipped = ({ outputs }) => Object.entries(outputs).flatMap(([path, { inputs }]) => (isDrawing({ path }) ? [] : Object.keys(inputs)))
