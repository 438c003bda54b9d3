import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type BuildOptions } from 'esbuild'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { root } from '../setup/paths.mjs'
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

test('the window waits for no library: only our own files are loaded before it', async () => {
  const options = (await targets.find(({ name }) => name === 'main')?.options()) ?? ({} satisfies BuildOptions)
  const entryPoints = { main: 'electron/main.ts' }
  const { metafile } = await build({
    ...options,
    entryPoints,
    absWorkingDir: root,
    outdir: join(base, 'out'),
    write: false,
    metafile: true,
  })
  const outputs = new Map(Object.entries(metafile.outputs))
  const [entry] = [...outputs].find(([, output]) => output.entryPoint === 'electron/main.ts') ?? []
  const waitedFor = new Set(entry === undefined ? [] : [entry])
  for (const name of waitedFor)
    for (const { path, kind, external } of outputs.get(name)?.imports ?? [])
      if (kind === 'import-statement' && external !== true) waitedFor.add(path)
  const files = [...waitedFor].flatMap((name) => Object.keys(outputs.get(name)?.inputs ?? {}))
  expect(files).toContain('electron/windows/main-window.ts')
  expect(files.filter((file) => file.includes('node_modules') || file.startsWith('electron/node/api'))).toEqual([])
})

test('the preload script is one CommonJS file that needs electron and nothing else', async () => {
  put('preload.ts', "import { contextBridge } from 'electron'\nimport { name } from './name.ts'\ncontextBridge.exposeInMainWorld(name, {})")
  put('name.ts', "export const name = 'spacepanda'")
  const files = await bundle('preload', { preload: 'preload.ts' })
  expect([...files.keys()].sort()).toEqual(['preload.cjs', 'preload.cjs.map'])
  expect([...(files.get('preload.cjs') ?? '').matchAll(/require\("([^"]+)"\)/g)].map((match) => match[1])).toEqual(['electron'])
})

test('the page finds its script and its style sheet, and waits for neither the window nor its fonts', async () => {
  put('main.ts', "void import('./start.tsx')")
  put('start.tsx', "import './look.css'\ndocument.title = 'the whole window'")
  put('look.css', "@font-face { font-family: x; src: url('./x.woff2') }")
  put('x.woff2', 'font')
  const files = await bundle('renderer', { main: 'main.ts', start: 'start.tsx' })
  expect(files.get('main.js')).toContain('import("./start.js")')
  expect(files.get('main.js')).not.toContain('the whole window')
  const page = readFileSync(new URL('../../renderer/index.html', import.meta.url), 'utf8')
  expect([...page.matchAll(/(?:href|src)="([^"]+)"/g)].map((match) => match[1])).toEqual(['start.css', 'main.js'])
  expect(files.get('start.css')).toMatch(/url\(["']?\.\/assets\/x-[A-Z0-9]+\.woff2/)
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
