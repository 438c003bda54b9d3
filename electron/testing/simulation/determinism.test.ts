import { describe, expect, it } from 'vitest'
import type { SimOptions } from './options.ts'
import { optionsOf } from './options.ts'
import { simulate } from './run.ts'

/** The whole trace. */
async function traceOf(options: SimOptions): Promise<string> {
  const lines: string[] = []
  await simulate(options, { hear: (line) => lines.push(line) })
  return lines.join('\n')
}

describe('one number', () => {
  it.each([5, 12, 19, 55])('makes the same world twice, to the last byte of its trace: %i', async (seed) => {
    const trace = await traceOf(optionsOf(seed))
    expect(trace.length).toBeGreaterThan(5_000)
    expect(await traceOf(optionsOf(seed))).toBe(trace)
  })

  it('makes the same world with hostile members, and with changes at once', async () => {
    const options = optionsOf(4, { hostile: true, concurrentCommits: true })
    expect(await traceOf(options)).toBe(await traceOf(options))
  })

  it('makes the same world on real databases as in memory', async () => {
    const options = optionsOf(10)
    expect(await traceOf({ ...options, disk: true })).toBe(await traceOf({ ...options, disk: false }))
  })

  it('makes the same world where keys are renewed all the time', async () => {
    const options = optionsOf(22, { concurrentCommits: true, updates: true })
    expect(await traceOf(options)).toBe(await traceOf(options))
  })

  it('makes another world than the next number', async () => {
    expect(await traceOf(optionsOf(20))).not.toBe(await traceOf(optionsOf(21)))
  })
})
