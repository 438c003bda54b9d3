/** The only source of time. `now` is milliseconds since the Unix epoch. */
export interface Clock {
  now(): number
  /** Calls `fn` once after `ms` unless the returned function is called before. Does not keep the process alive. */
  after(ms: number, fn: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, fn) => {
    const timer = setTimeout(fn, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
