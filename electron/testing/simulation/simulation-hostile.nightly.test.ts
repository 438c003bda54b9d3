import { describe } from 'vitest'
import { NIGHTLY, playSeeds } from './play-seeds.ts'

describe('a world with hostile members', () => playSeeds(NIGHTLY, 4_000, { hostile: true }))
describe('a world in which hostile members frame commits again', () => playSeeds(NIGHTLY, 1_000, { hostile: true, frames: true }))
describe('a world of seven to nine', () => {
  playSeeds(NIGHTLY, 200, { nodes: 7 })
  playSeeds(NIGHTLY, 200, { nodes: 9, hostile: true })
})
