import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cached, withLock } from './cache.mjs'

let base = ''
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'cache-test-'))
})
afterEach(() => {
  rmSync(base, { recursive: true, force: true })
})

/** The number of a process that has certainly ended. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid

test('an entry is made once, however many ask at the same time', async () => {
  let made = 0
  const make = async (folder: string) => {
    made++
    await sleep(50)
    await writeFile(join(folder, 'result'), 'done')
  }
  const places = await Promise.all([cached('thing-1', make, base), cached('thing-1', make, base), cached('thing-1', make, base)])
  expect(made).toBe(1)
  expect(new Set(places).size).toBe(1)
  expect(readFileSync(join(base, 'thing-1', 'result'), 'utf8')).toBe('done')
})

test('an attempt that fails leaves nothing, and the next one succeeds', async () => {
  const failing = async (folder: string) => {
    await writeFile(join(folder, 'half'), '')
    throw new Error('no network')
  }
  await expect(cached('thing-2', failing, base)).rejects.toThrow('no network')
  expect(readdirSync(base)).toEqual([])
  await cached('thing-2', (folder) => writeFile(join(folder, 'whole'), ''), base)
  expect(readdirSync(join(base, 'thing-2'))).toEqual(['whole'])
})

test('what a killed process left half made is swept away, what a living one makes is not', async () => {
  const abandoned = join(base, `.making-other-${deadPid()}`)
  const busy = join(base, `.making-busy-${process.pid}`)
  await mkdir(abandoned)
  await mkdir(busy)
  await cached('thing-3', () => Promise.resolve(), base)
  expect(existsSync(abandoned)).toBe(false)
  expect(existsSync(busy)).toBe(true)
})

test('the lock of a dead process does not hold anyone up', async () => {
  const lock = join(base, 'lock')
  writeFileSync(lock, String(deadPid()))
  expect(await withLock(lock, () => Promise.resolve('ran'))).toBe('ran')
  expect(existsSync(lock)).toBe(false)
})

test('a lock older than anything done under it is taken over, though its number lives again', async () => {
  const lock = join(base, 'lock')
  writeFileSync(lock, String(process.pid))
  const longAgo = new Date('2020-01-01')
  utimesSync(lock, longAgo, longAgo)
  expect(await withLock(lock, () => Promise.resolve('ran'))).toBe('ran')
})

test('the lock is given back after a failure', async () => {
  const lock = join(base, 'lock')
  await expect(withLock(lock, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(existsSync(lock)).toBe(false)
})
