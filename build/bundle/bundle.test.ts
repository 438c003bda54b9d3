import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { build, type BuildOptions } from 'esbuild'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { root } from '../setup/paths.mjs'
import { lettersOf } from './first-letters.mjs'
import { pagesOf } from './pages.mjs'
import { digestOf, filesBelow } from './sources.mjs'
import { targets } from './targets.mjs'

let base = ''
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'bundle-test-'))
})
afterEach(() => {
  rmSync(base, { recursive: true, force: true })
})

const put = (path: string, text: string): void => {
  mkdirSync(join(base, path, '..'), { recursive: true })
  writeFileSync(join(base, path), text)
}

/** Bundles files of the test with the options of one of our targets. */
const bundle = async (target: string, entryPoints: Record<string, string>): Promise<Map<string, string>> => {
  const options = (await targets.find(({ name }) => name === target)?.options()) ?? ({} satisfies BuildOptions)
  const result = await build({ ...options, entryPoints, absWorkingDir: base, outdir: join(base, 'out'), write: false })
  return new Map(result.outputFiles.map(({ path, text }) => [path.slice(join(base, 'out').length + 1), text]))
}

test('what is imported lazily stays out of the file that the window waits for', async () => {
  put('main.ts', "export const later = () => import('./node/heavy.ts')")
  put('node/heavy.ts', "import Database from 'better-sqlite3'\nexport const heavy = () => new Database('the heavy part')")
  const files = await bundle('main', { main: 'main.ts' })
  expect(files.get('main.mjs')).toContain('import("./heavy-')
  expect(files.get('main.mjs')).not.toContain('the heavy part')
  const chunk = [...files].find(([name]) => /^heavy-.*\.mjs$/.test(name))?.[1]
  expect(chunk).toContain('from "better-sqlite3"')
})

/** What a file of the program is made of together with all that is loaded before it can run. */
const waitedForBy = async (file: string): Promise<string[]> => {
  const options = (await targets.find(({ name }) => name === 'main')?.options()) ?? ({} satisfies BuildOptions)
  const where = { absWorkingDir: root, outdir: join(base, 'out'), write: false, metafile: true } as const
  const { metafile } = await build({ ...options, entryPoints: { main: 'electron/main.ts' }, ...where })
  const outputs = new Map(Object.entries(metafile.outputs))
  const [entry] = [...outputs].find(([, output]) => output.entryPoint === file) ?? []
  const waitedFor = new Set(entry === undefined ? [] : [entry])
  for (const name of waitedFor)
    for (const { path, kind, external } of outputs.get(name)?.imports ?? [])
      if (kind === 'import-statement' && external !== true) waitedFor.add(path)
  return [...waitedFor].flatMap((name) => Object.keys(outputs.get(name)?.inputs ?? {}))
}

test('the window waits for no library: only our own files are loaded before it', async () => {
  const files = await waitedForBy('electron/main.ts')
  expect(files).toContain('electron/windows/main-window.ts')
  expect(files.filter((file) => file.includes('node_modules') || file.startsWith('electron/node/api'))).toEqual([])
})

test('what a profile holds is shown without libp2p, without Argon2, and without the words of other languages', async () => {
  const files = await waitedForBy('electron/node/create-node.ts')
  expect(files).toContain('electron/node/messenger.ts')
  expect(
    files.filter((file) => /node_modules\/(?:libp2p|@libp2p\/(?:tcp|identify|mdns)|@chainsafe\/libp2p-noise|hash-wasm)\//.test(file)),
  ).toEqual([])
  expect(files.filter((file) => file.includes('zod/v4/locales/'))).toEqual(['node_modules/zod/v4/locales/en.js'])
})

test('the preload script is one CommonJS file that needs electron and nothing else', async () => {
  put('preload.ts', "import { contextBridge } from 'electron'\nimport { name } from './name.ts'\ncontextBridge.exposeInMainWorld(name, {})")
  put('name.ts', "export const name = 'spacepanda'")
  const files = await bundle('preload', { preload: 'preload.ts' })
  expect([...files.keys()].sort()).toEqual(['preload.cjs', 'preload.cjs.map'])
  expect([...(files.get('preload.cjs') ?? '').matchAll(/require\("([^"]+)"\)/g)].map((match) => match[1])).toEqual(['electron'])
})

test('the page waits for a small script and style sheet, and finds the program, its style sheet and the font of its words', async () => {
  const target = targets.find(({ name }) => name === 'renderer')
  const options = { ...((await target?.options()) ?? {}), absWorkingDir: root, outdir: join(base, 'out') }
  const made = await target?.makes?.(options)
  const files = new Map(made?.files.map(({ path, contents }) => [relative(options.outdir, path), Buffer.from(contents).toString()]))
  const pages = ['index.html', 'first-run.html', 'first-run-required.html', 'unlock.html', 'unlock-recovery.html']
  expect([...files.keys()].filter((name) => name.endsWith('.html')).sort()).toEqual([...pages].sort())
  for (const name of pages) {
    const named = [...(files.get(name) ?? '').matchAll(/(?:href|src)="([^"]+)"/g)].map((match) => match[1] ?? '')
    expect(named).toEqual([expect.stringMatching(/^assets\/first-letters-[A-Z0-9]+\.ttf$/), 'page.css', 'main.js'])
    expect(named.filter((file) => !files.has(file))).toEqual([])
  }
  const script = files.get('main.js') ?? ''
  expect(script).toContain('import("./start.js")')
  expect(script.length).toBeLessThan(4_000)
  // Its names are not those of the program's style sheet, beside which it stays.
  expect(files.get('page.css')).toContain('.gate_page')
  // Not packed, of every weight, and with the figures of one width that the styles ask for.
  const font = Buffer.from(made?.files.find(({ path }) => path.endsWith('.ttf'))?.contents ?? [])
  expect(font.subarray(0, 4).toString('hex')).toBe('00010000')
  expect(['fvar', 'kern', 'tnum'].filter((name) => !font.includes(name))).toEqual([])
  expect(font.length).toBeLessThan(80_000)
  // What is in them has licences too.
  expect(made?.inputs.some((input) => input.includes('@fontsource-variable/inter/'))).toBe(true)
  expect(made?.inputs.some((input) => input.includes('react-dom'))).toBe(false)
})

test('the ranges of a style sheet are read as a browser reads them, and refused where they are none', () => {
  expect(lettersOf('@font-face { unicode-range: U+41-43, u+00B7 }')).toBe('ABC·')
  for (const ranges of [
    '',
    'unicode-range: U+4?',
    'unicode-range: U+43-41',
    'unicode-range: 41',
    'unicode-range: U+41; unicode-range: U+42',
  ])
    expect(() => lettersOf(`@font-face { ${ranges} }`), ranges).toThrow('first-letters.css')
})

test('a still form that the content policy of the page would break is refused, and so is a page without a place for one', () => {
  const frame = '<!-- font --><body><!-- still --></body>'
  for (const markup of ['<p style="color: red">', '<script>1</script>', '<p onclick="x()">'])
    expect(() => pagesOf(frame, 'a.ttf', { unlock: { form: 'unlock', markup } })).toThrow('holds a style or a script')
  for (const page of ['<!-- font -->', '<!-- still -->', `${frame}<!-- still -->`])
    expect(() => pagesOf(page, 'a.ttf', {})).toThrow('needs one')
})

test('the digest of sources changes with a name, a content, and nothing else', async () => {
  put('a/one.ts', '1')
  put('a/two.ts', '2')
  const before = await digestOf(await filesBelow(['a'], base), base)
  expect(await digestOf(await filesBelow(['a'], base), base)).toBe(before)
  put('a/two.ts', '3')
  const changed = await digestOf(await filesBelow(['a'], base), base)
  expect(changed).not.toBe(before)
  rmSync(join(base, 'a/two.ts'))
  put('a/three.ts', '3')
  expect(await digestOf(await filesBelow(['a'], base), base)).not.toBe(changed)
})

test('sources are files, folders or absent, and never what was made from them', async () => {
  put('a/one.ts', '')
  put('a/node_modules/x.js', '')
  put('a/dist/y.js', '')
  put('single.json', '')
  expect(await filesBelow(['a', 'single.json', 'absent'], base)).toEqual(['a/one.ts', 'single.json'])
  expect(readdirSync(base).sort()).toEqual(['a', 'single.json'])
})
