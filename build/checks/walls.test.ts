import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '../setup/paths.mjs'

/** The table of docs/architecture.md, once more and by hand: from → may import. */
const table: Readonly<Record<string, string>> = {
  shared: '',
  'electron/kernel': 'shared',
  'electron/ports': 'electron/kernel shared',
  'electron/identity': 'electron/kernel electron/ports shared',
  'electron/crypto/mls': 'electron/crypto/blob electron/kernel electron/ports electron/identity shared',
  'electron/crypto/blob': 'electron/crypto/mls electron/kernel electron/ports electron/identity shared',
  'electron/network': 'electron/kernel electron/ports shared',
  'electron/storage': 'electron/kernel electron/ports shared',
  'electron/mixer': 'electron/kernel electron/ports shared',
  'electron/attachments': 'electron/kernel electron/ports electron/crypto/blob shared',
  'electron/sync': 'electron/kernel electron/ports electron/identity electron/crypto/mls shared',
  'electron/node':
    'electron/kernel electron/ports electron/identity electron/crypto/mls electron/crypto/blob electron/network electron/storage electron/mixer electron/attachments electron/sync shared',
  'electron/cli': 'electron/node electron/relay electron/kernel shared',
  'electron/relay': 'electron/kernel electron/ports electron/identity electron/network electron/storage electron/sync electron/node shared',
  'electron/ipc': 'electron/node electron/kernel shared',
  'electron/windows': 'electron/kernel shared',
  'electron/updater': 'electron/kernel shared',
  'electron/preload': 'shared/ipc',
  'shared/ipc': 'shared',
  renderer: 'shared',
  e2e: 'shared',
  build: '',
}

const parts = Object.keys(table)
const nameOf = (part: string): string => part.replaceAll('/', '-')
const contains = (outer: string, inner: string): boolean => inner === outer || inner.startsWith(`${outer}/`)
const mayImport = (from: string, to: string): boolean =>
  contains(from, to) || (table[from] ?? '').split(' ').some((allowed) => allowed !== '' && contains(allowed, to))

let base = ''
let forbidden: Set<string>
interface Report {
  summary: { violations: { from: string; to: string }[] }
}

const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(base, path)), { recursive: true })
  writeFileSync(join(base, path), text)
}

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'walls-test-'))
  for (const part of parts) put(`${part}/thing.ts`, 'export const thing = 0\n')
  for (const from of parts) {
    for (const to of parts) {
      const up = '../'.repeat(from.split('/').length)
      put(`${from}/uses-${nameOf(to)}.ts`, `import { thing } from '${up}${to}/thing.ts'\n\nexport const used = thing\n`)
    }
  }
  put('electron/testing/fake.ts', 'export const fake = 0\n')
  put('electron/sync/uses-fake.ts', "export { fake } from '../testing/fake.ts'\n")
  put('electron/sync/scene.test.ts', "export { fake } from '../testing/fake.ts'\nexport { thing } from '../storage/thing.ts'\n")
  put('renderer/features/a/a.ts', 'export const a = 0\n')
  put('renderer/features/a/again.ts', "export { a } from './a.ts'\n")
  put('renderer/features/b/b.ts', "export { a } from '../a/a.ts'\n")
  put('renderer/components/button.ts', "export { a } from '../features/a/a.ts'\n")
  put('electron/kernel/left.ts', "import { right } from './right.ts'\n\nexport const left = () => right\n")
  put('electron/kernel/right.ts', "import { left } from './left.ts'\n\nexport const right = () => left\n")
  put('electron/main.ts', "export { thing } from './storage/thing.ts'\nexport { thing as other } from './node/thing.ts'\n")
  put('shared/reads.ts', "export { readFileSync } from 'node:fs'\n")
  put('tsconfig.base.json', '{ "compilerOptions": { "allowImportingTsExtensions": true, "noEmit": true } }\n')
  const program = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs')
  const args = [
    program,
    '--config',
    join(root, '.dependency-cruiser.mjs'),
    '--output-type',
    'json',
    'shared',
    'electron',
    'renderer',
    'e2e',
    'build',
  ]
  let output: string
  try {
    output = execFileSync(process.execPath, args, { cwd: base, encoding: 'utf8', maxBuffer: 2 ** 26 })
  } catch (error) {
    output = (error as { stdout: string }).stdout // it exits with the number of violations
  }
  const report = JSON.parse(output) as Report
  forbidden = new Set(report.summary.violations.map(({ from, to }) => `${from} > ${to}`))
}, 60_000)

afterAll(() => {
  rmSync(base, { recursive: true, force: true })
})

test.each(parts)('%s may import what the table says and nothing else', (from) => {
  const reported = parts.filter((to) => forbidden.has(`${from}/uses-${nameOf(to)}.ts > ${to}/thing.ts`))
  expect(reported).toEqual(parts.filter((to) => !mayImport(from, to)))
})

test('fakes are for tests, and tests may reach over walls', () => {
  expect(forbidden).toContain('electron/sync/uses-fake.ts > electron/testing/fake.ts')
  expect([...forbidden].filter((entry) => entry.startsWith('electron/sync/scene.test.ts'))).toEqual([])
})

test('features of the window do not know each other, nor components features', () => {
  expect(forbidden).toContain('renderer/features/b/b.ts > renderer/features/a/a.ts')
  expect(forbidden).toContain('renderer/components/button.ts > renderer/features/a/a.ts')
  expect(forbidden).not.toContain('renderer/features/a/again.ts > renderer/features/a/a.ts')
})

test('circles, the reach of main.ts, and Node where there is none', () => {
  expect(forbidden).toContain('electron/kernel/left.ts > electron/kernel/right.ts')
  expect(forbidden).toContain('electron/main.ts > electron/storage/thing.ts')
  expect(forbidden).not.toContain('electron/main.ts > electron/node/thing.ts')
  expect(forbidden).toContain('shared/reads.ts > fs')
})
