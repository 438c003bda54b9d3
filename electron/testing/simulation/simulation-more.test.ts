import { describe } from 'vitest'
import { playSeeds } from './play-seeds.ts'

describe('a world in which everything goes wrong and nobody is hostile', () => playSeeds(301, 200))
describe('a world with hostile members', () => playSeeds(1, 100, { hostile: true }))
