import { describe, expect, it } from 'vitest'
import { optionsOf } from './options.ts'
import { playSeeds } from './play-seeds.ts'
import { simulate } from './run.ts'

it('in worlds with mailboxes things are put there and fetched', async () => {
  const said: string[] = []
  const hear = (line: string): void => void said.push(line)
  await simulate(optionsOf(706, { concurrentCommits: true, mailboxes: true }), { hear })
  expect(said.filter((line) => / put {2}stored$/.test(line)).length).toBeGreaterThan(0)
  expect(said.filter((line) => / get {2}page of [1-9]/.test(line)).length).toBeGreaterThan(0)
})

describe('a world with mailboxes', () => playSeeds(701, 40, { mailboxes: true }))
describe('a world with mailboxes and hostile members', () => playSeeds(701, 20, { mailboxes: true, hostile: true }))
describe('a world with mailboxes in which keys are renewed all the time', () => playSeeds(701, 10, { mailboxes: true, updates: true }))
