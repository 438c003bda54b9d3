import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { leave, run } from './programs.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'programs-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a program that cannot be started is told of, and ends nothing', async () => {
  const nowhere = join(folder, 'nowhere.exe')
  expect(await run(nowhere, [])).toBeNull()
  expect(await leave(nowhere, [])).toBe(false)
})

test('one that is left alone goes on', async () => {
  const file = join(folder, 'done')
  expect(await leave(process.execPath, ['-e', `require('node:fs').writeFileSync(${JSON.stringify(file)}, '')`])).toBe(true)
  await vi.waitFor(() => expect(existsSync(file)).toBe(true), 5_000)
})

test('how one ended is its status', async () => {
  expect(await run(process.execPath, ['-e', 'process.exit(3)'])).toBe(3)
})
