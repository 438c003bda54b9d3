import { describe, expect, it } from 'vitest'
import { optionsOf } from './options.ts'
import { commandOf } from './report.ts'
import { playSeeds } from './play-seeds.ts'
import { simulate } from './run.ts'

it('in a world that takes minutes for weeks keys are renewed many times', async () => {
  const { updates, epoch } = await simulate(optionsOf(2, { concurrentCommits: true, updates: true }))
  expect(updates).toBeGreaterThan(3)
  expect(epoch).toBeGreaterThan(updates / 2)
})

/** Its count of messages began behind them, so that they were taken for read; and where they were written hangs together with nothing it knows. */
it('what was written for a newcomer on a branch it never saw reaches it, though it counts later messages of the same author', async () => {
  const wish = { concurrentCommits: true, updates: true }
  expect((await simulate(optionsOf(664, wish))).violations, `again: ${commandOf(664, wish)} --trace`).toEqual([])
})

describe('a world in which keys are renewed all the time', () => playSeeds(601, 50, { updates: true }))
describe('such a world with hostile members', () => playSeeds(601, 25, { updates: true, hostile: true }))
