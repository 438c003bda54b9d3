import { faultName } from '../kernel/logger.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Power } from './auto-lock.ts'

interface Deps {
  power: Pick<Power, 'on' | 'off'>
  logger: Logger
  /** Lets what was written last go out. */
  goOff: () => Promise<void>
}

/**
 * Whoever writes and closes the lid has written. No system waits for this: what does not go out in the moment it takes to fall asleep goes when the
 * computer wakes. Until the returned function is called.
 */
export function beforeSleep({ power, logger, goOff }: Deps): () => void {
  const onSuspend = (): void => {
    goOff().catch((thrown: unknown) => logger.warn('sleep-unprepared', { fault: faultName(thrown) }))
  }
  power.on('suspend', onSuspend)
  return () => void power.off('suspend', onSuspend)
}
