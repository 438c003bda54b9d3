import type { Clock } from './clock.ts'

/** Waits for `ending`, but no longer than so many milliseconds. Throws what `ending` throws by then. */
export async function within(clock: Clock, ms: number, ending: Promise<unknown>): Promise<void> {
  let cancel = (): void => undefined
  const tooLong = new Promise<void>((done) => {
    cancel = clock.after(ms, done)
  })
  await Promise.race([ending, tooLong]).finally(() => cancel())
}
