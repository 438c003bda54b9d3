import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JoinAnswer } from '../../ports/wire.ts'
import { createPerson, joinRequestOf, never, newGroup, type Person } from '../../testing/contracts/network/harness.ts'
import { createMemorySessions, type MemorySessions } from '../../testing/network/memory-sessions.ts'
import { JOINS_IN_ALL, JOINS_PER_PEER, JOIN_LATER_MS } from '../protocols/join/constants.ts'

describe('requests to join of many peers', () => {
  const group = newGroup()
  const busy: JoinAnswer = { kind: 'later', afterMs: JOIN_LATER_MS }
  const unknown: JoinAnswer = { kind: 'later', afterMs: 1 }
  let harness: MemorySessions
  let alice: Person
  beforeEach(async () => {
    harness = createMemorySessions()
    alice = await createPerson(harness, [group])
  })
  afterEach(() => harness.dispose())

  const ask = (person: Person): Promise<JoinAnswer> =>
    person.network.join(alice.address(), joinRequestOf(group), { signal: never, onStep: () => undefined })
  /** As many as may come of all together, each peer with as many as it may; the answers. */
  const crowd = async (): Promise<JoinAnswer[]> => {
    const answers: Promise<JoinAnswer>[] = []
    for (let i = 0; i < JOINS_IN_ALL / JOINS_PER_PEER; i += 1) {
      const eve = await createPerson(harness, [])
      for (let j = 0; j < JOINS_PER_PEER; j += 1) answers.push(ask(eve))
    }
    return Promise.all(answers)
  }

  it('keep out nobody who is invited as long as they show no invitation', async () => {
    alice.handlers.onJoin = async (_from, _request, missed) => {
      missed?.()
      return unknown
    }
    expect(await crowd()).toEqual(Array.from({ length: JOINS_IN_ALL }, () => unknown))
    expect(await ask(await createPerson(harness, []))).toEqual(unknown)
  })

  it('are told to come later once too many show one', async () => {
    await crowd()
    expect(await ask(await createPerson(harness, []))).toEqual(busy)
  })
})
