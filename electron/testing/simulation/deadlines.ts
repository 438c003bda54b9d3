import type { Schedule } from './schedule.ts'

/**
 * Deadlines of the product are made with `AbortSignal.timeout`, which takes real time: here it takes the world's while `work`
 * runs, or a slow machine would see other deadlines pass than a fast one.
 */
export async function withWorldDeadlines<T>(schedule: Schedule, work: () => Promise<T>): Promise<T> {
  const real = AbortSignal.timeout
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController()
    schedule.after(ms, () => controller.abort(new DOMException('The deadline passed.', 'TimeoutError')))
    return controller.signal
  }
  try {
    return await work()
  } finally {
    AbortSignal.timeout = real
  }
}
