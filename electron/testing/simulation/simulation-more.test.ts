import { describe } from 'vitest'
import { OPEN_HOSTILE } from './open-seeds.ts'
import { playSeeds } from './play-seeds.ts'

describe('a world with hostile members', () => playSeeds(1, 100, { hostile: true }, OPEN_HOSTILE))
describe('a world in which hostile members frame commits again', () => playSeeds(801, 30, { hostile: true, frames: true }))
describe('a world in which whoever was removed is invited again', () => playSeeds(1, 90, { back: true }))
describe('a world in which nobody changes the group beside somebody else', () => playSeeds(481, 20, { concurrentCommits: false }))
describe('a world of seven to nine', () => {
  playSeeds(901, 6, { nodes: 7 })
  playSeeds(901, 4, { nodes: 9, hostile: true })
})
