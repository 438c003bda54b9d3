import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalBytes } from '../../kernel/bytes.ts'
import { MAX_CHUNK_BYTES } from './constants.ts'
import { FrameError, type Frame } from './frame.ts'
import { Assembler, toFrames, type Message } from './message.ts'
import { ReadBudget, SharedBudget, type Budget } from './read-budget.ts'

const MAX = 1024 * 1024
const body = (size: number): Uint8Array => new Uint8Array(size).map((_, i) => (i * 7) % 253)
const assembler = (max = MAX, budget: Budget = new ReadBudget(MAX)): Assembler => new Assembler(max, budget)
const begun = (total: number, id = 1): Frame => {
  const first = new Uint8Array(MAX_CHUNK_BYTES)
  new DataView(first.buffer).setUint32(0, total)
  return { kind: 'request-begin', id, body: first }
}
const chunk = (size: number, id = 1): Frame => ({ kind: 'request-chunk', id, body: new Uint8Array(size) })

function push(into: Assembler, frames: Iterable<Frame>): Message[] {
  return [...frames].flatMap((frame) => into.push(frame) ?? [])
}

describe('messages', () => {
  it.each([0, 1, MAX_CHUNK_BYTES, MAX_CHUNK_BYTES + 1, 2 * MAX_CHUNK_BYTES - 4, 2 * MAX_CHUNK_BYTES, 500_000, MAX])(
    'of %i bytes come out the same',
    (size) => {
      for (const kind of ['request', 'response'] as const) {
        const message = { kind, id: 3, body: body(size) }
        const budget = new ReadBudget(MAX)
        const isBody = (out?: Message): boolean =>
          out?.kind === 'request' || out?.kind === 'response' ? equalBytes(out.body, message.body) : false
        const [out, ...others] = push(assembler(MAX, budget), toFrames(message))
        expect(others).toEqual([])
        expect(out).toMatchObject({ kind, id: 3 })
        expect(isBody(out)).toBe(true)
        expect(budget.free).toBe(MAX)
      }
    },
  )

  it('let small ones pass between the pieces of a large one', () => {
    const [first, ...rest] = toFrames({ kind: 'response', id: 1, body: body(120_000) })
    const small: Frame = { kind: 'response', id: 2, body: body(5) }
    const out = push(assembler(), first === undefined ? [] : [first, small, ...rest])
    expect(out.map((message) => message.id)).toEqual([2, 1])
  })

  it.each(['not-shared', 'failed', 'crossed'] as const)('say no: %s', (code) => {
    expect(push(assembler(), toFrames({ kind: 'refusal', id: 9, code }))).toEqual([{ kind: 'refusal', id: 9, code }])
  })

  it.each<[string, Frame[]]>([
    ['a chunk of nothing', [chunk(10)]],
    ['a chunk of another message', [begun(100_000), chunk(MAX_CHUNK_BYTES, 2)]],
    ['a chunk of an answer to a question', [begun(100_000), { ...chunk(MAX_CHUNK_BYTES), kind: 'response-chunk' }]],
    ['two messages at once', [begun(100_000), begun(100_000, 2)]],
    ['a length above the limit', [begun(MAX + 1)]],
    ['a length that fits one frame', [begun(MAX_CHUNK_BYTES)]],
    ['a first piece that is not full', [{ ...begun(100_000), body: Uint8Array.of(0, 1, 134, 160) }]],
    ['an empty first piece', [{ ...begun(100_000), body: new Uint8Array() }]],
    ['a piece that is too small', [begun(200_000), chunk(10)]],
    ['an empty piece', [begun(100_000), chunk(0)]],
    ['more than was said', [begun(MAX_CHUNK_BYTES + 10), chunk(20)]],
    ['a whole message above the chunk size', [{ kind: 'request', id: 1, body: new Uint8Array(MAX_CHUNK_BYTES + 1) }]],
    ['an unknown refusal', [{ kind: 'refusal', id: 1, body: Uint8Array.of(99) }]],
    ['a refusal of two', [{ kind: 'refusal', id: 1, body: Uint8Array.of(0, 0) }]],
    ['a refusal of none', [{ kind: 'refusal', id: 1, body: new Uint8Array() }]],
  ])('are refused: %s', (_, frames) => {
    expect(() => push(assembler(), frames)).toThrow(FrameError)
  })

  it('above a limit smaller than a chunk are refused', () => {
    expect(() => assembler(100).push({ kind: 'request', id: 1, body: new Uint8Array(101) })).toThrow(FrameError)
    expect(assembler(100).push({ kind: 'request', id: 1, body: new Uint8Array(100) })).not.toBeNull()
  })

  it('stop when all buffers together are full, and give back what they took', () => {
    const budget = new ReadBudget(MAX_CHUNK_BYTES)
    const one = assembler(MAX, budget)
    one.push(begun(200_000))
    expect(one.partial).toBe(true)
    expect(() => assembler(MAX, budget).push(begun(200_000))).toThrow(FrameError)
    one.dispose()
    one.dispose()
    expect(budget.free).toBe(MAX_CHUNK_BYTES)
  })

  it('are a flood where one has more than its share, and bad luck where others have taken all', () => {
    const shares = new SharedBudget(3 * MAX_CHUNK_BYTES, 2 * MAX_CHUNK_BYTES)
    const begun: Message = { kind: 'request', id: 1, body: new Uint8Array(3 * MAX_CHUNK_BYTES) }
    const offenceOf = (name: string): unknown => {
      const assembling = assembler(4 * MAX_CHUNK_BYTES, shares.of(name))
      try {
        for (const frame of toFrames(begun)) assembling.push(frame)
        return 'none'
      } catch (thrown) {
        return thrown instanceof FrameError ? thrown.offence : thrown
      }
    }
    expect(offenceOf('eve')).toBe('flood')
    expect(offenceOf('bob')).toBeNull()
  })

  it('of random frames come out whole or as FrameError, within the budget', () => {
    const kinds = ['request', 'request-begin', 'request-chunk', 'response', 'response-begin', 'response-chunk', 'refusal'] as const
    const frames = fc.array(
      fc.record({ kind: fc.constantFrom(...kinds), id: fc.integer({ min: 0, max: 2 }), body: fc.uint8Array({ maxLength: 60 }) }),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(frames, (given) => {
        const budget = new ReadBudget(1_000)
        const into = assembler(MAX, budget)
        try {
          push(into, given)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(FrameError)
        }
        into.dispose()
        expect(budget.free).toBe(1_000)
      }),
    )
  })
})
