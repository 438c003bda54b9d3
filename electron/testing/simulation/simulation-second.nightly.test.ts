import { describe } from 'vitest'
import { NIGHTLY, playSeeds } from './play-seeds.ts'

describe('a world in which everything goes wrong and nobody is hostile', () => playSeeds(NIGHTLY + 8_000, 8_000))
