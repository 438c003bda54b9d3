import { describe, expect, it } from 'vitest'
import { optionsOf } from './options.ts'
import { playSeeds } from './play-seeds.ts'
import { simulate } from './run.ts'

it('in a world that takes minutes for weeks keys are renewed many times', async () => {
  const { updates, epoch } = await simulate(optionsOf(2, { concurrentCommits: true, updates: true }))
  expect(updates).toBeGreaterThan(3)
  expect(epoch).toBeGreaterThan(updates / 2)
})

describe('a world in which keys are renewed all the time', () => playSeeds(601, 50, { updates: true }))
describe('such a world with hostile members', () => playSeeds(601, 25, { updates: true, hostile: true }))
