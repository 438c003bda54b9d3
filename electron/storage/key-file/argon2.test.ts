import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { toHex, utf8 } from '../../kernel/bytes.ts'
import { testFolder } from '../test-support/folder.ts'
import { ARGON2_DEFAULTS, argon2Worker, deriveKey } from './argon2.ts'

/** The reference implementation's own vector (phc-winner-argon2, test.c): t = 2, m = 2^16 KiB, p = 1. */
const VECTOR = '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7'
const cost = { memoryKiB: 65_536, iterations: 2, parallelism: 1 }
const cheap = { memoryKiB: 64, iterations: 1, parallelism: 1 }
const salt = utf8('somesalt')

const derive = async (worker?: string | null): Promise<string> => toHex((await deriveKey('password', salt, cost, worker)).reveal())

describe('Argon2id', () => {
  test('costs what the hardening checklist asks for', () => {
    expect(ARGON2_DEFAULTS.memoryKiB).toBeGreaterThanOrEqual(64 * 1024)
    expect(ARGON2_DEFAULTS.iterations).toBeGreaterThanOrEqual(3)
  })

  test('agrees with the reference, in a thread and in this one', async () => {
    expect(argon2Worker()).toMatch(/argon2\.worker\.ts$/)
    expect(await derive()).toBe(VECTOR)
    expect(await derive(null)).toBe(VECTOR)
  })

  test('leaves the event loop free', async () => {
    let longest = 0
    let last = performance.now()
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 5)
    const began = performance.now()
    await deriveKey('password', salt, { memoryKiB: 65_536, iterations: 6, parallelism: 1 })
    clearInterval(timer)
    // In this thread it would block for nearly all of the time it takes.
    expect(longest).toBeLessThan((performance.now() - began) / 2)
  })

  test.each([
    ['is missing', '/nonexistent/argon2.worker.mjs'],
    ['throws', "throw new Error('planned')"],
    ['ends without an answer', 'export {}'],
    ['answers nonsense', "import { parentPort } from 'node:worker_threads'; parentPort.postMessage('x')"],
  ])('is computed here when the worker %s', async (_what, source) => {
    const file = source.startsWith('/') ? source : join(testFolder(), 'argon2.worker.mjs')
    if (file !== source) writeFileSync(file, source)
    const expected = await deriveKey('password', salt, cheap, null)
    expect((await deriveKey('password', salt, cheap, file)).reveal()).toEqual(expected.reveal())
  })

  test('finds the worker that the build put beside the bundle, before any source', () => {
    const dir = testFolder()
    const bundle = pathToFileURL(join(dir, 'main.mjs')).href
    expect(argon2Worker(bundle)).toBeNull()
    writeFileSync(join(dir, 'argon2.worker.ts'), '')
    expect(argon2Worker(bundle)).toBe(join(dir, 'argon2.worker.ts'))
    mkdirSync(join(dir, 'workers'))
    writeFileSync(join(dir, 'workers', 'argon2.worker.mjs'), '')
    expect(argon2Worker(bundle)).toBe(join(dir, 'workers', 'argon2.worker.mjs'))
  })
})
