import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { toHex, utf8 } from '../../kernel/bytes.ts'
import { toCbor } from '../../kernel/cbor.ts'
import { fuzz, FuzzFailure } from './fuzz.ts'
import { mutant, stockOf } from './mutant.ts'
import { quickDice } from './quick-dice.ts'
import type { Subject } from './subject.ts'
import { cborStructure } from './subjects/cbor.ts'

const sample = toCbor({ kind: 'sample', list: [1, new Uint8Array(20), 'text'] })
const planted = (decode: Subject['decode'], unchanged?: () => void): Subject => ({
  name: 'planted',
  samples: [sample],
  structure: cborStructure,
  decode,
  ...(unchanged && { unchanged }),
})
const isSample = (bytes: Uint8Array): boolean => toHex(bytes) === toHex(sample)
const run = (subject: Subject, more: Partial<Parameters<typeof fuzz>[1]> = {}) => fuzz(subject, { seed: 7, cases: 500, ...more })

/** Turns once around without letting anybody else. */
function block(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

describe('fuzzing', () => {
  it('tells how many were taken', async () => {
    const { accepted, refused } = await run(planted(isSample))
    expect(accepted + refused).toBe(500)
    expect(refused).toBeGreaterThan(400)
  })

  it('finds what throws, now or later, and says by which seed and bytes', async () => {
    const throws = (bytes: Uint8Array): boolean => {
      if (bytes.length > sample.length + 30) throw new RangeError('too far')
      return true
    }
    for (const decode of [throws, async (bytes: Uint8Array) => throws(bytes)]) {
      const failure = await run(planted(decode)).catch((thrown: unknown) => thrown)
      expect(failure).toBeInstanceOf(FuzzFailure)
      expect(String(failure)).toMatch(/planted, seed 7, case \d+: threw RangeError: too far; \d+ bytes: [0-9a-f]{40}/)
    }
  })

  it('makes the same cases of the same seed, and any of them alone', () => {
    const stock = stockOf(planted(isSample))
    const make = (seed: number) => toHex(mutant(quickDice(seed), stock))
    const seeds = Array.from({ length: 200 }, (_, seed) => seed)
    expect(seeds.map(make)).toEqual(seeds.map(make))
    expect(make(150)).toBe(seeds.map(make)[150])
    expect(new Set(seeds.map(make)).size).toBeGreaterThan(170)
  })

  it('makes structures that are well-formed and wrong, and bytes that are neither', () => {
    const stock = stockOf(planted(isSample))
    const opens = (bytes: Uint8Array): boolean => {
      try {
        return cborStructure.open(bytes) !== undefined
      } catch {
        return false
      }
    }
    const formed = Array.from({ length: 1_000 }, (_, seed) => opens(mutant(quickDice(seed), stock))).filter(Boolean).length
    expect(formed).toBeGreaterThan(400)
    expect(formed).toBeLessThan(900)
  })

  it('finds what is slow each time, and forgives what was slow once', async () => {
    const slow = planted((bytes) => (isSample(bytes) ? true : (block(20), false)))
    await expect(run(slow, { caseMs: 10 })).rejects.toThrow('took over 10 ms')
    let paused = false
    const once = planted((bytes) => {
      if (!paused && !isSample(bytes)) block(20)
      paused ||= !isSample(bytes)
      return isSample(bytes)
    })
    await expect(run(once, { caseMs: 10 })).resolves.toBeDefined()
  })

  it('finds what changes its input or a state, and what does not take its own sample', async () => {
    const writes = planted((bytes) => {
      bytes.fill(0)
      return true
    })
    await expect(run(writes)).rejects.toThrow('changed what it was given')
    let state = 0
    const moves = planted(
      (bytes) => {
        if (!isSample(bytes)) state += 1
        return true
      },
      () => {
        if (state > 0) throw new Error('the state is another')
      },
    )
    await expect(run(moves)).rejects.toThrow(/changed state.*the state is another/)
    await expect(run(planted(() => false))).rejects.toThrow('does not take its own sample 0')
  })

  it('ends the process, with words, when a decoder does not end', async () => {
    const program = fileURLToPath(new URL('endless.ts', import.meta.url))
    const ended: unknown = await promisify(execFile)(process.execPath, [program], { timeout: 60_000 }).catch((thrown: unknown) => thrown)
    expect(ended).toMatchObject({ signal: 'SIGKILL' })
    expect((ended as { stderr: string }).stderr).toMatch(/endless, seed 3, case \d+: does not come back/)
  })
})

describe('quick dice', () => {
  it('fall evenly, and differently for seeds that are neighbours', () => {
    const [one, other] = [quickDice(1), quickDice(2)]
    const throws = Array.from({ length: 6_000 }, () => one.between(1, 6))
    for (let side = 1; side <= 6; side += 1) expect(Math.abs(throws.filter((each) => each === side).length - 1_000)).toBeLessThan(150)
    expect(throws.slice(0, 100)).not.toEqual(Array.from({ length: 100 }, () => other.between(1, 6)))
    expect(() => one.pick([])).toThrow('nothing to pick from')
    expect(utf8(one.pick(['a']))).toHaveLength(1)
  })
})
