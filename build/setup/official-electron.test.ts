import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { downloadOfficialElectron, findOfficialElectron } from './official-electron.mjs'

let base = ''
let reachable = true
const place = () => ({ folder: join(base, 'electron'), notes: join(base, 'notes'), reachable: () => Promise.resolve(reachable) })

/** An installer as Electron's is: leaves version and program, and the program's name last. */
const installs = `const fs = require('node:fs')
fs.appendFileSync('runs', 'x')
fs.mkdirSync('dist')
fs.writeFileSync('dist/version', '45.0.0')
fs.writeFileSync('dist/electron', '')
fs.writeFileSync('path.txt', 'electron')`
const fails = "require('node:fs').appendFileSync('runs', 'x'); process.exit(1)"

const installer = (script: string): void => writeFileSync(join(base, 'electron', 'install.js'), script)
const runs = (): number => readFileSync(join(base, 'electron', 'runs'), 'utf8').length

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'official-test-'))
  reachable = true
  mkdirSync(join(base, 'electron'))
  writeFileSync(join(base, 'electron', 'package.json'), '{ "version": "45.0.0" }')
})
afterEach(() => {
  rmSync(base, { recursive: true, force: true })
})

test('the installer runs once, also for two at the same time, and its program is found', async () => {
  installer(installs)
  const results = await Promise.all([1, 2].map(() => downloadOfficialElectron(process.execPath, false, place())))
  expect(results).toEqual([undefined, undefined])
  expect(runs()).toBe(1)
  expect(await findOfficialElectron(place())).toEqual({ version: '45.0.0', executable: join(base, 'electron', 'dist', 'electron') })
})

test('an installation that was cut off, or is of another version, does not count', async () => {
  mkdirSync(join(base, 'electron', 'dist'))
  writeFileSync(join(base, 'electron', 'dist', 'version'), '45.0.0')
  writeFileSync(join(base, 'electron', 'dist', 'electron'), '')
  expect(await findOfficialElectron(place())).toBeUndefined()
  writeFileSync(join(base, 'electron', 'path.txt'), 'electron')
  expect(await findOfficialElectron(place())).toBeDefined()
  writeFileSync(join(base, 'electron', 'dist', 'version'), '44.0.0')
  expect(await findOfficialElectron(place())).toBeUndefined()
})

test('a failure is remembered, so that the next start does not wait; insisting tries again', async () => {
  installer(fails)
  expect(await downloadOfficialElectron(process.execPath, false, place())).toBe('its download failed')
  expect(await downloadOfficialElectron(process.execPath, false, place())).toBe('its release site was not reachable lately')
  expect(runs()).toBe(1)
  installer(installs)
  expect(await downloadOfficialElectron(process.execPath, true, place())).toBeUndefined()
  expect(readdirSync(join(base, 'notes'))).toEqual([])
})

test('where the release site does not answer, the installer is not even started', async () => {
  reachable = false
  expect(await downloadOfficialElectron(process.execPath, false, place())).toBe('its release site is not reachable')
  expect(readdirSync(join(base, 'electron'))).toEqual(['package.json'])
})
