import { beforeEach, describe, expect, it } from 'vitest'
import { equalBytes } from '../../kernel/bytes.ts'
import { duplexPair, type DuplexEnd } from '../../testing/fakes/duplex-pair.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { MAX_CHUNK_BYTES, MAX_IN_FLIGHT, READ_DEADLINE_MS, WRITE_DEADLINE_MS } from './constants.ts'
import { encodeFrame } from './frame.ts'
import { toFrames, type Message } from './message.ts'
import type { Offence } from './offence.ts'
import { ReadBudget } from './read-budget.ts'
import { RequestChannel } from './request-channel.ts'
import { serveChannel, type Reply } from './serve-channel.ts'

const BUDGET = 4 * 1024 * 1024
const never = new AbortController().signal
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

describe('channels', () => {
  let clock: FakeClock
  let budget: ReadBudget
  let asking: DuplexEnd
  let serving: DuplexEnd
  let requests: Uint8Array[]
  let offences: Offence[]
  const deps = () => ({ clock, budget, offended: (offence: Offence) => offences.push(offence) })
  beforeEach(() => {
    clock = new FakeClock()
    budget = new ReadBudget(BUDGET)
    ;[asking, serving] = duplexPair()
    requests = []
    offences = []
  })

  const serve = (answer: (body: Uint8Array) => Promise<Reply> = async (body) => ({ kind: 'response', body })): Promise<void> =>
    serveChannel(deps(), serving, {
      maxRequestBytes: 2 * 1024 * 1024,
      answer: (body) => {
        requests.push(body)
        return answer(body)
      },
    })
  const client = (maxResponseBytes = 2 * 1024 * 1024): RequestChannel => new RequestChannel(deps(), asking, maxResponseBytes)
  const call = (channel: RequestChannel, body: Uint8Array, signal = never) => channel.call(body, { signal, timeoutMs: 5_000 })
  const raw = (end: DuplexEnd, message: Message): void => void end.send([...toFrames(message)].map(encodeFrame))

  it('answer every question with its own answer', async () => {
    void serve(async (body) => {
      // The first is answered last.
      if (body[0] === 0) await settle()
      return { kind: 'response', body: Uint8Array.of(body[0] ?? 0, 1) }
    })
    const channel = client()
    const answers = await Promise.all([0, 1, 2].map((i) => call(channel, Uint8Array.of(i))))
    expect(answers).toEqual([0, 1, 2].map((i) => ({ kind: 'response', body: Uint8Array.of(i, 1) })))
    expect(clock.pending).toEqual([])
  })

  it('send at once what is asked first, and in one write what else is asked in that turn', async () => {
    void serve()
    const channel = client()
    const answers = Array.from({ length: MAX_IN_FLIGHT }, (_, i) => call(channel, Uint8Array.of(i)))
    expect(asking.sends).toBe(1)
    await Promise.all(answers)
    expect([asking.sends, serving.sends]).toEqual([2, 2])
  })

  it('send at once in the next turn, too', async () => {
    void serve()
    const channel = client()
    for (const sends of [1, 2, 3]) {
      const answer = call(channel, Uint8Array.of(sends))
      expect(asking.sends).toBe(sends)
      await answer
      await settle()
    }
    expect(serving.sends).toBe(3)
  })

  it('keep to the number of unanswered questions, and to their order', async () => {
    const release: (() => void)[] = []
    void serve((body) => new Promise((resolve) => release.push(() => resolve({ kind: 'response', body }))))
    const channel = client()
    const answers = Array.from({ length: MAX_IN_FLIGHT + 5 }, (_, i) => call(channel, Uint8Array.of(i)))
    await settle()
    expect(requests).toHaveLength(MAX_IN_FLIGHT)
    while (release.length > 0) {
      release.shift()?.()
      await settle()
    }
    await Promise.all(answers)
    expect(requests.map((body) => body[0])).toEqual(Array.from({ length: MAX_IN_FLIGHT + 5 }, (_, i) => i))
  })

  it('carry large messages, with small ones passing them', async () => {
    const order: number[] = []
    void serve()
    const channel = client()
    const large = new Uint8Array(1_000_000).map((_, i) => i % 256)
    asking.block()
    const first = call(channel, large).then((answer) => (order.push(1), answer))
    const second = call(channel, Uint8Array.of(5)).then((answer) => (order.push(2), answer))
    await settle()
    asking.unblock()
    const answer = await first
    expect(answer.kind === 'response' && equalBytes(answer.body, large)).toBe(true)
    await second
    expect(order).toEqual([2, 1])
    expect(budget.free).toBe(BUDGET)
  })

  it.each([1, 40_000, 1_000_000])(
    'keep of %i bytes asked that they are kept until they are answered, also once the stream is over',
    async (size) => {
      const answers: (() => void)[] = []
      const done = serve((body) => new Promise((resolve) => answers.push(() => resolve({ kind: 'response', body }))))
      const channel = client()
      const asked = [0, 1].map((i) => call(channel, new Uint8Array(size).fill(i)).catch(() => null))
      await expect.poll(() => [budget.free, requests.length]).toEqual([BUDGET - 2 * size, 2])
      answers[0]?.()
      await asked[0]
      expect(budget.free).toBe(BUDGET - size)
      channel.reset('gone')
      await done
      expect(budget.free).toBe(BUDGET - size)
      answers[1]?.()
      await settle()
      expect(budget.free).toBe(BUDGET)
    },
  )

  it('are over where more is asked than is kept, whole or not', async () => {
    void serve(() => new Promise(() => undefined))
    const channel = client()
    for (let i = 0; i < 3; i += 1) call(channel, new Uint8Array(2_000_000)).catch(() => null)
    await expect.poll(() => [serving.resetReason, requests.length]).toEqual(['malformed', 2])
  })

  it('time out, and with the question the whole stream', async () => {
    void serve(() => new Promise(() => undefined))
    const channel = client()
    const answers = [call(channel, Uint8Array.of(1)), call(channel, Uint8Array.of(2))].map((answer) =>
      answer.catch((thrown: unknown) => thrown),
    )
    await settle()
    clock.advance(4_999)
    expect(channel.open).toBe(true)
    clock.advance(1)
    expect(await Promise.all(answers)).toMatchObject([{ code: 'timed-out' }, { code: 'timed-out' }])
    expect(asking.resetReason).toBe('no answer')
    expect(clock.pending).toEqual([])
  })

  it('let a question be withdrawn while it waits, and once it is sent', async () => {
    void serve(() => new Promise(() => undefined))
    const channel = client()
    for (let i = 0; i < MAX_IN_FLIGHT; i += 1) call(channel, Uint8Array.of(i)).catch(() => undefined)
    const gaveUp = new AbortController()
    const waiting = call(channel, Uint8Array.of(99), gaveUp.signal)
    await settle()
    gaveUp.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
    await expect(call(channel, Uint8Array.of(1), gaveUp.signal)).rejects.toMatchObject({ code: 'cancelled' })
    expect(requests).toHaveLength(MAX_IN_FLIGHT)
    expect(channel.open).toBe(true)
  })

  it('end all questions when the stream ends, and take none afterwards', async () => {
    void serve(() => new Promise(() => undefined))
    const channel = client()
    const answer = call(channel, Uint8Array.of(1))
    await settle()
    serving.close()
    await expect(answer).rejects.toMatchObject({ code: 'unreachable' })
    await expect(call(channel, Uint8Array.of(2))).rejects.toMatchObject({ code: 'unreachable' })
    expect(clock.pending).toEqual([])
  })

  it.each<[string, Message]>([
    ['an answer nobody waits for', { kind: 'response', id: 77, body: new Uint8Array() }],
    ['a refusal nobody waits for', { kind: 'refusal', id: 77, code: 'failed' }],
    ['a question where answers belong', { kind: 'request', id: 0, body: new Uint8Array() }],
    ['an answer too large', { kind: 'response', id: 0, body: new Uint8Array(101) }],
  ])('are reset by the asking side on %s', async (_, message) => {
    const channel = client(100)
    const answer = call(channel, Uint8Array.of(1)).catch((thrown: unknown) => thrown)
    await settle()
    raw(serving, message)
    expect(await answer).toMatchObject({ code: 'unreachable' })
    expect(asking.resetReason).not.toBeNull()
    expect(offences).toEqual([message.kind === 'response' && message.id === 0 ? 'frame' : 'order'])
  })

  it.each<[string, Message[]]>([
    ['an answer where questions belong', [{ kind: 'response', id: 1, body: new Uint8Array() }]],
    ['a refusal where questions belong', [{ kind: 'refusal', id: 1, code: 'failed' }]],
    [
      'the same id twice',
      [
        { kind: 'request', id: 1, body: new Uint8Array() },
        { kind: 'request', id: 1, body: new Uint8Array() },
      ],
    ],
    [
      'more questions than allowed',
      Array.from({ length: MAX_IN_FLIGHT + 1 }, (_, id): Message => ({ kind: 'request', id, body: new Uint8Array() })),
    ],
  ])('are reset by the serving side on %s', async (_, messages) => {
    const over = serve(() => new Promise(() => undefined))
    for (const message of messages) raw(asking, message)
    await over
    expect(serving.resetReason).toBe('out of order')
    expect(offences).toEqual([messages.length > MAX_IN_FLIGHT ? 'flood' : 'order'])
    expect(requests.length).toBeLessThanOrEqual(MAX_IN_FLIGHT)
  })

  it('are reset when the handler says so, or breaks its promise not to throw', async () => {
    void serve(async () => ({ kind: 'reset', reason: 'malformed request', offence: 'message' }))
    await expect(call(client(), Uint8Array.of(1))).rejects.toMatchObject({ code: 'unreachable' })
    expect(serving.resetReason).toBe('malformed request')
    expect(offences).toEqual(['message'])
    ;[asking, serving] = duplexPair()
    void serve(() => Promise.reject(new Error('bug')))
    await expect(call(client(), Uint8Array.of(1))).rejects.toMatchObject({ code: 'unreachable' })
  })

  describe('slow peers', () => {
    const frame = encodeFrame({ kind: 'request', id: 1, body: new Uint8Array(100) })

    it('may be idle as long as they like between messages', async () => {
      void serve()
      raw(asking, { kind: 'request', id: 1, body: new Uint8Array(10) })
      await settle()
      clock.advance(60 * 60_000)
      expect(serving.closed).toBe(false)
      expect(requests).toHaveLength(1)
    })

    it('are cut off when a frame takes longer than the deadline, however it trickles', async () => {
      void serve()
      for (let i = 0; i < 10; i += 1) {
        asking.send([frame.subarray(i, i + 1)])
        await settle()
        clock.advance(READ_DEADLINE_MS / 10 - 1)
      }
      expect(serving.closed).toBe(false)
      asking.send([frame.subarray(10, 11)])
      await settle()
      clock.advance(10)
      expect(serving.resetReason).toBe('slow sender')
      expect(offences).toEqual([])
      expect(requests).toEqual([])
    })

    it('are cut off in the middle of a message of many frames, and what was kept is given back', async () => {
      void serve()
      const [first, second] = toFrames({ kind: 'request', id: 1, body: new Uint8Array(3 * MAX_CHUNK_BYTES) })
      if (first === undefined || second === undefined) throw new Error('no frames')
      asking.send([encodeFrame(first)])
      await settle()
      clock.advance(READ_DEADLINE_MS - 1)
      asking.send([encodeFrame(second)])
      await settle()
      clock.advance(READ_DEADLINE_MS - 1)
      expect(serving.closed).toBe(false)
      expect(budget.free).toBeLessThan(BUDGET)
      clock.advance(1)
      expect(serving.resetReason).toBe('slow sender')
      expect(offences).toEqual([])
      expect(budget.free).toBe(BUDGET)
    })

    it('that read nothing cost the asking side one deadline', async () => {
      void serve()
      const channel = client()
      asking.block()
      const answer = channel.call(new Uint8Array(500_000), { signal: never, timeoutMs: 60_000 }).catch((thrown: unknown) => thrown)
      await settle()
      clock.advance(WRITE_DEADLINE_MS - 1)
      expect(asking.closed).toBe(false)
      clock.advance(1)
      expect(asking.resetReason).toBe('slow reader')
      expect(offences).toEqual([])
      expect(await answer).toMatchObject({ code: 'unreachable' })
    })

    it('get on with it when they read again in time', async () => {
      void serve()
      const answer = client().call(new Uint8Array(500_000), { signal: never, timeoutMs: 60_000 })
      asking.block()
      for (let i = 0; i < 5; i += 1) {
        await settle()
        clock.advance(WRITE_DEADLINE_MS - 1)
        asking.unblock()
        asking.block()
      }
      asking.unblock()
      expect((await answer).kind).toBe('response')
    })

    it.each([
      ['small', 20],
      ['large', 2 * MAX_CHUNK_BYTES],
    ])('that ask on and read nothing have no more %s answers kept for them than questions they may ask at once', async (_, size) => {
      void serve(async () => ({ kind: 'response', body: new Uint8Array(size) }))
      serving.block()
      for (let id = 0; id < 5 * MAX_IN_FLIGHT; id += 1) {
        if (!asking.closed) raw(asking, { kind: 'request', id, body: new Uint8Array(1) })
        await settle()
      }
      expect(serving.resetReason).toBe('out of order')
      // The first one was handed to the stream, which keeps it.
      expect(requests.length).toBeLessThanOrEqual(MAX_IN_FLIGHT + 1)
    })

    it('that read nothing cost the serving side one deadline', async () => {
      void serve(async () => ({ kind: 'response', body: new Uint8Array(500_000) }))
      serving.block()
      raw(asking, { kind: 'request', id: 1, body: new Uint8Array(1) })
      await settle()
      clock.advance(WRITE_DEADLINE_MS - 1)
      expect(serving.closed).toBe(false)
      clock.advance(1)
      expect(serving.resetReason).toBe('slow reader')
      expect(offences).toEqual([])
    })
  })
})
