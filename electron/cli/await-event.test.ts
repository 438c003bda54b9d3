import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import { Emitter } from '../kernel/emitter.ts'
import { AppError } from '../kernel/errors.ts'
import { awaitEvent } from './await-event.ts'
import type { CliNode } from './open-node.ts'

const link = (text: string): NodeEvent => ({ event: 'link.opened', data: { link: text } })

function fakeNode() {
  const emitter = new Emitter<{ event: NodeEvent }>((thrown) => {
    throw thrown
  })
  const gone = Promise.withResolvers<undefined>()
  const listeners = { count: 0 }
  const node: CliNode = {
    api: {} as CliNode['api'],
    on: (listener) => {
      listeners.count++
      const leave = emitter.on('event', listener)
      return () => {
        listeners.count--
        leave()
      }
    },
    remote: true,
    closed: gone.promise,
    stop: async () => undefined,
  }
  return { node, listeners, emit: (event: NodeEvent) => emitter.emit('event', event), close: () => gone.resolve(undefined) }
}

/** Waits for a link; `now` is what is there already. */
const waiting = (
  fake: ReturnType<typeof fakeNode>,
  {
    now = async () => null,
    timeoutMs = null,
    interrupted = new AbortController().signal,
  }: Partial<Parameters<typeof awaitEvent<string>>[1]> = {},
) =>
  awaitEvent<string>(fake.node, {
    now,
    seen: (event) => {
      if (event.event !== 'link.opened') return null
      if (event.data.link === 'bad') throw new AppError('conflict', 'it failed')
      return event.data.link
    },
    timeoutMs,
    interrupted,
  })

let fake: ReturnType<typeof fakeNode>
beforeEach(() => {
  fake = fakeNode()
})
const nothingLeft = () => {
  expect(fake.listeners.count).toBe(0)
}

describe('waiting for something to happen', () => {
  it('ends with what is there already', async () => {
    expect(await waiting(fake, { now: async () => 'here' })).toBe('here')
    nothingLeft()
  })

  it('ends with the first event that brings it', async () => {
    const result = waiting(fake)
    fake.emit({ event: 'spaces.changed', data: [] })
    fake.emit(link('first'))
    fake.emit(link('second'))
    expect(await result).toBe('first')
    nothingLeft()
  })

  it('misses nothing that happens while it asks', async () => {
    const answer = Promise.withResolvers<null>()
    const result = waiting(fake, {
      now: () => {
        fake.emit(link('in between'))
        return answer.promise
      },
    })
    answer.resolve(null)
    expect(await result).toBe('in between')
  })

  it('does not mind an answer that comes after the event', async () => {
    const answer = Promise.withResolvers<string>()
    const result = waiting(fake, { now: () => answer.promise })
    fake.emit(link('event'))
    answer.resolve('late')
    expect(await result).toBe('event')
  })

  it('fails with what an event or the question throws', async () => {
    const byEvent = waiting(fake)
    fake.emit(link('bad'))
    await expect(byEvent).rejects.toMatchObject({ code: 'conflict' })
    await expect(waiting(fake, { now: () => Promise.reject(new AppError('not-found', 'no')) })).rejects.toMatchObject({ code: 'not-found' })
    nothingLeft()
  })

  it('fails when the node goes away', async () => {
    const result = waiting(fake)
    fake.close()
    await expect(result).rejects.toMatchObject({ code: 'stopping' })
    nothingLeft()
  })

  it('ends when it is interrupted, meanwhile or before', async () => {
    const interrupt = new AbortController()
    const result = waiting(fake, { interrupted: interrupt.signal })
    interrupt.abort()
    await expect(result).rejects.toMatchObject({ code: 'cancelled' })
    await expect(waiting(fake, { interrupted: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' })
    nothingLeft()
  })
})

describe('the time allowed', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('ends it', async () => {
    const result = waiting(fake, { timeoutMs: 5_000 })
    const failed = expect(result).rejects.toMatchObject({ code: 'timed-out' })
    vi.advanceTimersByTime(5_000)
    await failed
    nothingLeft()
  })

  it('leaves no timer when it ends otherwise', async () => {
    const result = waiting(fake, { timeoutMs: 5_000 })
    fake.emit(link('x'))
    await result
    expect(vi.getTimerCount()).toBe(0)
  })

  it('may be longer than a timer can be, and is not over at once', async () => {
    const result = waiting(fake, { timeoutMs: 999_999_999_000 })
    vi.advanceTimersByTime(60_000)
    fake.emit(link('x'))
    expect(await result).toBe('x')
  })
})
