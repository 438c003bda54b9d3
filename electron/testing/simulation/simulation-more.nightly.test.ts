import { describe } from 'vitest'
import { NIGHTLY, playSeeds } from './play-seeds.ts'

describe('a world in which keys are renewed all the time', () => playSeeds(NIGHTLY, 2_000, { updates: true }))
describe('a world in which whoever was removed is invited again', () => playSeeds(NIGHTLY, 2_000, { back: true }))
describe('a world with mailboxes', () => playSeeds(NIGHTLY, 2_000, { mailboxes: true }))
