import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { toHex, utf8 } from '../../kernel/bytes.ts'
import { testFolder } from '../test-support/folder.ts'
import { ARGON2_CEILING, ARGON2_FLOOR, PASSPHRASE_WORK_MS, argon2Worker, deriveCalibrated, deriveKey } from './argon2.ts'

/** The reference implementation's own vector (phc-winner-argon2, test.c): t = 2, m = 2^16 KiB, p = 1. */
const VECTOR = '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7'
const cost = { memoryKiB: 65_536, iterations: 2, parallelism: 1 }
const cheap = { memoryKiB: 64, iterations: 1, parallelism: 1 }
const salt = utf8('somesalt')

const derive = async (worker?: string | null): Promise<string> => toHex((await deriveKey('password', salt, cost, worker)).reveal())

describe('Argon2id', () => {
  test('costs what the hardening checklist asks for', () => {
    expect(ARGON2_FLOOR.memoryKiB).toBeGreaterThanOrEqual(64 * 1024)
    expect(ARGON2_FLOOR.iterations).toBeGreaterThanOrEqual(3)
    expect(PASSPHRASE_WORK_MS).toBeGreaterThanOrEqual(500)
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

  test.each([
    ['is slow enough at the floor', 200, 500, [3]],
    ['needs more', 50, 500, [3, 12]],
    ['is so fast that the ceiling is not enough', 0.001, 500, [3, ARGON2_CEILING.iterations]],
    ['has a clock that does not move', 0, 500, [3, ARGON2_CEILING.iterations]],
    ['is not asked for anything', 1, 0, [3]],
  ])('is calibrated on a computer that %s', async (_what, msEach, workMs, expected) => {
    const tried: number[] = []
    const run: typeof fake = async (passphrase, given, asked) => {
      tried.push(asked.iterations)
      return fake(passphrase, given, asked)
    }
    const fake = async (passphrase: string, given: Uint8Array, asked: typeof cost) => {
      expect([passphrase, given, asked.memoryKiB, asked.parallelism]).toEqual(['password', salt, 65_536, 1])
      return { key: Uint8Array.of(asked.iterations), elapsedMs: asked.iterations * msEach }
    }
    const { key, iterations } = await deriveCalibrated('password', salt, workMs, run)
    expect(tried).toEqual(expected)
    expect([iterations, [...key.reveal()]]).toEqual([expected.at(-1), [expected.at(-1)]])
  })

  test('is measured again when the first measure was of a busy moment', async () => {
    const speeds = [100, 20, 20, 20]
    const tried: number[] = []
    const { iterations } = await deriveCalibrated('password', salt, 500, async (_passphrase, _salt, { iterations: n }) => {
      tried.push(n)
      return { key: new Uint8Array(32), elapsedMs: n * (speeds.shift() ?? 20) }
    })
    expect(tried).toEqual([3, 6, 29])
    expect(iterations * 20).toBeGreaterThanOrEqual(500)
  })

  test('calibrated here took as long, and gives the key of its cost', async () => {
    const begun = performance.now()
    const { key, iterations } = await deriveCalibrated('password', salt, 600)
    // What it took then: the machine may do less, or more, a moment later.
    expect(performance.now() - begun).toBeGreaterThan(600)
    const again = await deriveKey('password', salt, { ...ARGON2_FLOOR, iterations })
    expect(again.reveal()).toEqual(key.reveal())
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
