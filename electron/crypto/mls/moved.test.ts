import { beforeAll, describe, expect, it } from 'vitest'
import { utf8 } from '../../kernel/bytes.ts'
import { InvariantError } from '../../kernel/errors.ts'
import { commitBy, gather, NONE, stateOf, unwrapOk, yes } from '../../testing/mls/party.ts'
import type { Party } from '../../testing/mls/party.ts'
import type { GroupState } from './group-engine.ts'
import { SKIPPED_GENERATIONS } from './limits.ts'

let party: Party
beforeAll(async () => {
  party = await gather(Array.from({ length: 8 }, (_, n) => `Member ${n}`))
})

/** `count` messages of member `from`, in order. */
async function messagesOf(from: number, count: number): Promise<Uint8Array[]> {
  let state = stateOf(party, from)
  const messages: Uint8Array[] = []
  for (let i = 0; i < count; i++) {
    const sent = await party.engine.encrypt(state, utf8(`${i}`), NONE)
    state = sent.state
    messages.push(sent.message)
  }
  return messages
}

async function read(state: GroupState, ...messages: (Uint8Array | undefined)[]): Promise<GroupState> {
  let reader = state
  for (const message of messages) {
    const received = unwrapOk(await party.engine.receive(reader, message ?? NONE, yes))
    if (received.kind !== 'message') throw new Error('not a message')
    reader = received.state
  }
  return reader
}

const moved = (before: GroupState, after: GroupState) => party.engine.moved(before, after)
const heads = ({ ratchets }: ReturnType<typeof moved>) => ratchets.map(({ leaf, kind, generation }) => [leaf, kind, generation])

describe('what moved between two states', () => {
  it('is nothing between a state and itself, or itself stored and read again', async () => {
    const state = await read(stateOf(party, 1), ...(await messagesOf(0, 2)))
    const restored = party.engine.decode(party.engine.encode(state))
    for (const [before, after] of [
      [state, state],
      [restored, state],
      [state, restored],
    ] as const)
      expect(moved(before, after)).toMatchObject({ nodes: { added: [], used: [] }, ratchets: [], skipped: { added: [], used: [] } })
  })

  it("is a sender's two ratchets and its way down the tree the first time, and one ratchet from then on", async () => {
    const [one, two, three] = await messagesOf(0, 3)
    const before = stateOf(party, 1)
    const first = await read(before, one)
    const opened = moved(before, first)
    expect(opened.nodes.used).toEqual([7])
    expect(opened.nodes.added.map(({ node }) => node)).toEqual([2, 5, 11])
    expect(heads(opened)).toEqual([
      [0, 'handshake', 0],
      [0, 'application', 1],
    ])
    const second = await read(first, two)
    const third = await read(second, three)
    expect(moved(second, third)).toMatchObject({ nodes: { added: [], used: [] }, skipped: { added: [], used: [] } })
    expect(heads(moved(second, third))).toEqual([[0, 'application', 3]])
    expect(heads(moved(first, third))).toEqual([[0, 'application', 3]])
  })

  it('is the same among eight who all have spoken as among two', async () => {
    let bob = stateOf(party, 1)
    for (const from of [0, 2, 3, 4, 5, 6, 7]) bob = await read(bob, ...(await messagesOf(from, 1)))
    const sent = await party.engine.encrypt(bob, utf8('mine'), NONE)
    const again = await party.engine.encrypt(sent.state, utf8('mine'), NONE)
    expect(heads(moved(sent.state, again.state))).toEqual([[1, 'application', 2]])
    const few = await gather(['A', 'B'])
    const first = await few.engine.encrypt(stateOf(few, 1), utf8('mine'), NONE)
    const second = await few.engine.encrypt(first.state, utf8('mine'), NONE)
    const size = (of: object) => JSON.stringify(of).replaceAll(/\d+/g, '0').length
    expect(size(moved(sent.state, again.state))).toBe(size(few.engine.moved(first.state, second.state)))
  })

  it('keeps the keys of what was overtaken, and uses each up when it comes', async () => {
    const [one, two, three] = await messagesOf(0, 3)
    const before = stateOf(party, 1)
    const ahead = await read(before, three)
    expect(moved(before, ahead).skipped.added.map(({ generation }) => generation)).toEqual([0, 1])
    const late = await read(ahead, one)
    expect(moved(ahead, late)).toMatchObject({
      ratchets: [],
      skipped: { added: [], used: [{ leaf: 0, kind: 'application', generation: 0 }] },
    })
    const all = await read(late, two)
    expect(moved(before, all).skipped).toEqual({ added: [], used: [] })
  })

  it('says which keys had to go because there are too many', async () => {
    const messages = await messagesOf(0, SKIPPED_GENERATIONS + 10)
    const ahead = await read(stateOf(party, 1), messages[SKIPPED_GENERATIONS])
    const further = await read(ahead, messages.at(-1))
    const { skipped } = moved(ahead, further)
    expect(skipped.added).toHaveLength(8)
    expect(skipped.used.length).toBeGreaterThan(0)
    expect(skipped.used.every(({ generation }) => generation < 20)).toBe(true)
  })

  it('is of several senders where several spoke', async () => {
    const before = stateOf(party, 1)
    const after = await read(before, ...(await messagesOf(0, 1)), ...(await messagesOf(7, 2)))
    expect(heads(moved(before, after)).filter(([, kind]) => kind === 'application')).toEqual([
      [0, 'application', 1],
      [7, 'application', 2],
    ])
  })

  it('is a defect to ask for between two epochs, backwards, or between two that went apart', async () => {
    const [one, two] = await messagesOf(0, 2)
    const before = stateOf(party, 1)
    const first = await read(before, one)
    const second = await read(first, two)
    const { state: next } = await commitBy(party, 1, {})
    expect(() => moved(before, next)).toThrow(InvariantError)
    expect(() => moved(second, first)).toThrow(InvariantError)
    expect(() => moved(first, before)).toThrow(InvariantError)
    const skipped = await read(before, two)
    expect(() => moved(skipped, first)).toThrow(InvariantError)
  })
})
