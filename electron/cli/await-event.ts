import type { NodeEvent } from '../../shared/ipc/events.ts'
import { AppError } from '../kernel/errors.ts'
import type { CliNode } from './open-node.ts'

/** Node fires timers that are longer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

interface Waiting<T> {
  /** Asks for the present value after listening began, so that nothing falls between. */
  now(): Promise<T | null>
  /** The value an event brings, if it is the one waited for. */
  seen(event: NodeEvent): T | null
  timeoutMs: number | null
  /** What to say when the time is over: above all what goes on all the same. */
  late?: string
  interrupted: AbortSignal
}

/** Resolves with the first value. Throws `AppError('timed-out' | 'cancelled' | 'stopping')`, or what `now` or `seen` throw. */
export function awaitEvent<T>(node: CliNode, { now, seen, timeoutMs, late, interrupted }: Waiting<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cleanUps: (() => void)[] = []
    const settle = (finish: () => void) => {
      for (const cleanUp of cleanUps.splice(0)) cleanUp()
      finish()
    }
    const fail = (thrown: unknown) => settle(() => reject(thrown instanceof Error ? thrown : new Error('not an error')))
    const onInterrupt = () => fail(new AppError('cancelled', 'Interrupted.'))
    const offer = (value: T | null) => {
      if (value !== null) settle(() => resolve(value))
    }
    cleanUps.push(
      node.on((event) => {
        try {
          offer(seen(event))
        } catch (thrown) {
          fail(thrown)
        }
      }),
    )
    if (interrupted.aborted) return onInterrupt()
    interrupted.addEventListener('abort', onInterrupt, { once: true })
    cleanUps.push(() => interrupted.removeEventListener('abort', onInterrupt))
    if (timeoutMs !== null) {
      const timer = setTimeout(
        () => fail(new AppError('timed-out', late ?? 'It did not happen in the time allowed.')),
        Math.min(timeoutMs, LONGEST_TIMER_MS),
      )
      cleanUps.push(() => clearTimeout(timer))
    }
    void node.closed.then(() => fail(new AppError('stopping', 'SpacePanda was closed meanwhile.')))
    now().then(offer, fail)
  })
}
