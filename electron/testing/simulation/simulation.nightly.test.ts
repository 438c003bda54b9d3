import { describe } from 'vitest'
import { playSeeds } from './play-seeds.ts'

/** Others than those of every day. */
const FIRST = 10_000

describe('a world in which everything goes wrong and nobody is hostile', () => playSeeds(FIRST, 16_000))
describe('a world with hostile members', () => playSeeds(FIRST, 4_000, { hostile: true }))
describe('a world in which keys are renewed all the time', () => playSeeds(FIRST, 2_000, { updates: true }))
describe('a world in which whoever was removed is invited again', () => playSeeds(FIRST, 2_000, { back: true }))
describe('a world with mailboxes', () => playSeeds(FIRST, 2_000, { mailboxes: true }))
