import { describe } from 'vitest'
import { NIGHTLY, playSeeds } from './play-seeds.ts'

// Several files for one night, for each is played by one process.
describe('a world in which everything goes wrong and nobody is hostile', () => playSeeds(NIGHTLY, 8_000))
