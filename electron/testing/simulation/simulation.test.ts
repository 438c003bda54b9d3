import { describe } from 'vitest'
import { OPEN } from './open-seeds.ts'
import { playSeeds } from './play-seeds.ts'

/** The other half is in `simulation-more.test.ts`, so that two workers can play. */
describe('a world in which everything goes wrong and nobody is hostile', () => playSeeds(1, 300, {}, OPEN))
