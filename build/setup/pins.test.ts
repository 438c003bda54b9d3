import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fallbackElectron } from './fallback-electron.mjs'
import { nodePackages } from './node.mjs'
import { integrityOf } from './npm-package.mjs'
import { root } from './paths.mjs'
import { definesOf } from './sqlite-addon.mjs'

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

test('every runtime fetched outside the lock file is pinned by its content', () => {
  for (const pin of [...Object.values(nodePackages), fallbackElectron.pin]) {
    expect(pin.integrity).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/)
    expect(pin.version).toMatch(/^\d+\.\d+\.\d+$/)
  }
  expect(new Set(Object.values(nodePackages).map(({ integrity }) => integrity)).size).toBe(Object.keys(nodePackages).length)
})

test('the Node of the tools is the one package.json names, of the same line everywhere', () => {
  expect(nodePackages['linux-x64']?.version).toBe(manifest.devDependencies['node'])
  for (const { version } of Object.values(nodePackages)) expect(version).toMatch(/^24\./)
})

test('nobody with access to the official Electron downloads the fallback: it is no dependency', () => {
  expect({ ...manifest.dependencies, ...manifest.devDependencies }).not.toHaveProperty([fallbackElectron.pin.name])
})

test('an integrity is that of npm', async () => {
  const { createHash } = await import('node:crypto')
  const file = join(root, 'package.json')
  expect(await integrityOf(file)).toBe(`sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`)
})

test("SQLite's compile-time options are read from the package's own list", () => {
  expect(definesOf("{\n  'defines': [\n    'SQLITE_DQS=0',\n    'SQLITE_ENABLE_FTS5',\n  ],\n}\n")).toEqual([
    'SQLITE_DQS=0',
    'SQLITE_ENABLE_FTS5',
  ])
  const real = definesOf(readFileSync(join(root, 'node_modules', 'better-sqlite3', 'deps', 'defines.gypi'), 'utf8'))
  expect(real).toContain('SQLITE_ENABLE_FTS5')
  expect(real).toContain('SQLITE_THREADSAFE=2')
})
