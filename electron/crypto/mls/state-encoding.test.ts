import { beforeAll, describe, expect, it } from 'vitest'
import { utf8 } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import { commitBy, gather, NONE, outcome, stateOf, unwrapOk, yes } from '../../testing/mls/party.ts'
import type { Party } from '../../testing/mls/party.ts'
import type { GroupState } from './group-engine.ts'
import { unwrap } from './state.ts'
import { XWING_SUITE } from './provider/suites.ts'

let party: Party
beforeAll(async () => {
  party = await gather(['Alice', 'Bob', 'Carol', 'Dave'])
})

async function talked(): Promise<GroupState> {
  let [alice, bob] = [stateOf(party, 0), stateOf(party, 1)]
  for (const text of ['skipped', 'read']) {
    const sent = await party.engine.encrypt(alice, utf8(text), NONE)
    alice = sent.state
    if (text === 'skipped') continue
    const read = unwrapOk(await party.engine.receive(bob, sent.message, yes))
    if (read.kind === 'message') bob = read.state
  }
  return (await party.engine.encrypt(bob, utf8('answer'), NONE)).state
}

describe('a stored state', () => {
  it('is the same state: everything in it, secrets and skipped keys included', async () => {
    const state = await talked()
    const restored = party.engine.decode(party.engine.encode(state))
    expect(unwrap(restored)).toEqual(unwrap(state))
    expect(party.engine.encode(restored)).toEqual(party.engine.encode(state))
  })

  it('changes in its moving part only while people talk', async () => {
    const before = party.engine.encode(stateOf(party, 1))
    const after = party.engine.encode(await talked())
    expect(after.fixedPart).toEqual(before.fixedPart)
    expect(after.movingPart).not.toEqual(before.movingPart)
  })

  it('gives its moving part by itself, the same bytes', async () => {
    const state = await talked()
    expect(party.engine.encodeMoving(state)).toEqual(party.engine.encode(state).movingPart)
  })

  it('has a moving part that grows with those who speak, not with the group', async () => {
    const small = await gather(['A', 'B'], XWING_SUITE)
    const large = await gather(
      Array.from({ length: 16 }, (_, i) => `Member ${i}`),
      XWING_SUITE,
    )
    const parts = await Promise.all(
      [small, large].map(async ({ engine, states: [first] }) => {
        if (first === undefined) throw new Error('nobody')
        return engine.encode((await engine.encrypt(first, utf8('hello'), NONE)).state)
      }),
    )
    const [few, many] = parts
    expect(many?.fixedPart.length).toBeGreaterThan(6 * (few?.fixedPart.length ?? 0))
    expect(many?.movingPart.length).toBeLessThan((few?.movingPart.length ?? 0) + 4 * 80)
  })

  it('holds no key of an epoch that is over', async () => {
    const { state } = await commitBy(party, 0, {})
    const { fixedPart, movingPart } = party.engine.encode(state)
    const stored = Buffer.concat([fixedPart, movingPart])
    const { keySchedule, secretTree } = unwrap(stateOf(party, 0))
    const secretsOf = (record: object): Uint8Array[] => Object.values(record).filter((value) => value instanceof Uint8Array)
    const past = [...secretsOf(keySchedule), ...secretsOf(secretTree.intermediateNodes)]
    expect(past.length).toBeGreaterThan(8)
    for (const secret of past) expect(stored.includes(Buffer.from(secret))).toBe(false)
    for (const secret of secretsOf(unwrap(state).keySchedule)) expect(stored.includes(Buffer.from(secret))).toBe(true)
  })

  it('is copied, whether it comes as bytes of its own or as a view a database made', async () => {
    const encoded = party.engine.encode(stateOf(party, 1))
    const pool = Buffer.concat([encoded.fixedPart, encoded.movingPart])
    const split = encoded.fixedPart.length
    const restored = party.engine.decode({ fixedPart: pool.subarray(0, split), movingPart: pool.subarray(split) })
    pool.fill(0)
    expect(party.engine.encode(restored)).toEqual(encoded)
  })

  it('is unreadable, in words, when damaged, cut short, of another version or put together of two epochs', async () => {
    const { engine } = party
    const { fixedPart, movingPart } = engine.encode(stateOf(party, 1))
    const next = engine.encode((await commitBy(party, 0, {})).state)
    const broken = [
      { fixedPart: NONE, movingPart: NONE },
      { fixedPart, movingPart: NONE },
      { fixedPart: NONE, movingPart },
      { fixedPart: fixedPart.subarray(0, -1), movingPart },
      { fixedPart: fixedPart.with(0, 2), movingPart },
      { fixedPart: new Uint8Array([...fixedPart, 0]), movingPart },
      { fixedPart, movingPart: movingPart.subarray(0, -1) },
      { fixedPart, movingPart: movingPart.with(1, 2) },
      { fixedPart, movingPart: next.movingPart },
      { fixedPart: next.fixedPart, movingPart },
    ]
    for (const [i, encoded] of broken.entries()) {
      expect(() => engine.decode(encoded), String(i)).toThrow(AppError)
    }
    expect(engine.epoch(engine.decode({ fixedPart, movingPart }))).toBe(1)
  })

  it('goes on where it stopped: what it read is a replay, what it wrote is not written again', async () => {
    const { engine } = party
    const first = await engine.encrypt(stateOf(party, 0), utf8('one'), NONE)
    const again = engine.decode(engine.encode(first.state))
    const second = await engine.encrypt(again, utf8('two'), NONE)
    const read = unwrapOk(await engine.receive(stateOf(party, 1), first.message, yes))
    if (read.kind !== 'message') throw new Error('not a message')
    const bob = engine.decode(engine.encode(read.state))
    expect(await outcome(engine.receive(bob, first.message, yes))).toBe('replay')
    expect(await outcome(engine.receive(bob, second.message, yes))).toBe('message')
  })
})
