import { EventEmitter } from 'node:events'
import type { App } from 'electron'
import { describe, expect, it, vi } from 'vitest'
import { GONE_WITHIN_MS, STOP_WITHIN_MS, stopBeforeQuit } from './quit.ts'

const setUp = (stop: () => Promise<void>, release: () => Promise<void> = async () => undefined) => {
  const signals = new EventEmitter()
  const timers = new Map<number, () => void>()
  const clock = {
    now: () => 0,
    after: (ms: number, fn: () => void) => {
      timers.set(ms, fn)
      return () => undefined
    },
  }
  const app = Object.assign(new EventEmitter(), { quit: vi.fn<() => void>(), exit: vi.fn<(code: number) => void>() })
  stopBeforeQuit(app as unknown as App, signals as unknown as NodeJS.Process, clock, { stop, release })
  /** Whether the application may go. */
  const willQuit = (): boolean => {
    const preventDefault = vi.fn<() => void>()
    app.emit('will-quit', { preventDefault })
    return preventDefault.mock.calls.length === 0
  }
  return { app, signals, willQuit, timeOut: (ms: number) => timers.get(ms)?.() }
}

describe('stopBeforeQuit', () => {
  it('holds the application until the node has stopped, then lets it go', async () => {
    const stopped = Promise.withResolvers<undefined>()
    const stop = vi.fn<() => Promise<void>>(() => stopped.promise)
    const { app, willQuit } = setUp(stop)
    expect(willQuit()).toBe(false)
    expect(willQuit()).toBe(false)
    expect(app.quit).not.toHaveBeenCalled()
    stopped.resolve(undefined)
    await expect.poll(() => app.quit.mock.calls.length).toBe(1)
    expect(stop).toHaveBeenCalledOnce()
    expect(willQuit()).toBe(true)
  })

  it('waits for no more than its bound', async () => {
    const { app, willQuit, timeOut } = setUp(() => new Promise(() => undefined))
    willQuit()
    timeOut(STOP_WITHIN_MS)
    await expect.poll(() => app.quit.mock.calls.length).toBe(1)
    expect(willQuit()).toBe(true)
  })

  it('ends the process where quitting, once all is stopped, does not', async () => {
    const { app, willQuit, timeOut } = setUp(async () => undefined)
    willQuit()
    timeOut(GONE_WITHIN_MS)
    expect(app.exit).not.toHaveBeenCalled()
    await expect.poll(() => app.quit.mock.calls.length).toBe(1)
    timeOut(GONE_WITHIN_MS)
    expect(app.exit).toHaveBeenCalledExactlyOnceWith(0)
  })

  it('releases before it goes, also where stopping came to no end or failed, and waits for that', async () => {
    for (const stop of [() => Promise.resolve(), () => Promise.reject(new Error('stuck')), () => new Promise<void>(() => undefined)]) {
      const released = Promise.withResolvers<undefined>()
      const release = vi.fn<() => Promise<void>>(() => released.promise)
      const { app, willQuit, timeOut } = setUp(stop, release)
      willQuit()
      timeOut(STOP_WITHIN_MS)
      await expect.poll(() => release.mock.calls.length).toBe(1)
      expect(app.quit).not.toHaveBeenCalled()
      released.resolve(undefined)
      await expect.poll(() => app.quit.mock.calls.length).toBe(1)
    }
  })

  it('goes even when releasing fails', async () => {
    const { app, willQuit } = setUp(
      async () => undefined,
      () => Promise.reject(new Error('stuck')),
    )
    willQuit()
    await expect.poll(() => app.quit.mock.calls.length).toBe(1)
  })

  it('goes even when stopping fails', async () => {
    const { app, willQuit } = setUp(async () => {
      throw new Error('stuck')
    })
    willQuit()
    await expect.poll(() => app.quit.mock.calls.length).toBe(1)
  })

  it.each(['SIGINT', 'SIGTERM'])('quits on %s', (signal) => {
    const { app, signals } = setUp(async () => undefined)
    signals.emit(signal)
    expect(app.quit).toHaveBeenCalledOnce()
  })
})
