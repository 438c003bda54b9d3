import { describe, expect, it } from 'vitest'
import { OPEN_WITH_UPDATES, OPEN_WITH_UPDATES_AND_HOSTILE } from './open-seeds.ts'
import { optionsOf } from './options.ts'
import { playSeeds } from './play-seeds.ts'
import { simulate } from './run.ts'

it('in a world that takes minutes for weeks keys are renewed many times', async () => {
  const { updates, epoch } = await simulate(optionsOf(2, { concurrentCommits: true, updates: true }))
  expect(updates).toBeGreaterThan(3)
  expect(epoch).toBeGreaterThan(updates / 2)
})

describe('a world in which keys are renewed all the time', () => playSeeds(601, 50, { but: OPEN_WITH_UPDATES, updates: true }))
describe('such a world with hostile members', () =>
  playSeeds(601, 25, { but: OPEN_WITH_UPDATES_AND_HOSTILE, updates: true, hostile: true }))
