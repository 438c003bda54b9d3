import { describe } from 'vitest'
import { OPEN } from './open-seeds.ts'
import { playSeeds } from './play-seeds.ts'

/** As many again, of other kinds, are in the files beside it, so that two workers can play. */
describe('a world in which everything goes wrong and nobody is hostile', () => playSeeds(1, 300, {}, OPEN))
