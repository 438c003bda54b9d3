import type { Api } from '../../shared/ipc/contract.ts'
import type { Clock } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { faultName } from '../kernel/logger.ts'
import type { Logger } from '../kernel/logger.ts'

/** What of Electron's `powerMonitor` is used. Linux never tells `lock-screen`. */
export interface Power {
  /** Seconds since the last key or movement of the mouse anywhere on this computer. */
  getSystemIdleTime(): number
  on(event: 'suspend' | 'lock-screen' | 'resume', listener: () => void): unknown
  off(event: 'suspend' | 'lock-screen' | 'resume', listener: () => void): unknown
}

interface Deps {
  power: Power
  clock: Clock
  logger: Logger
  api: Pick<Api, 'profile.status' | 'profile.lock' | 'settings.get'>
}

/** A profile is locked at most so much later than its settings say. */
const LOOK_EVERY_MS = 10_000

type Occasion = 'idle' | 'away'

/**
 * Locks the profile when its settings say so: after a while without mouse or keyboard, and when the computer sleeps or its
 * screen is locked. One that opens without a passphrase is left alone: a lock would protect nothing.
 * Until the returned function is called.
 */
export function lockByItself({ power, clock, logger, api }: Deps): () => void {
  const lockIfWished = async (occasion: Occasion): Promise<void> => {
    try {
      const status = await api['profile.status']({})
      if (status.kind !== 'open' || !status.profile.passphrase) return
      const { lockAfterMinutes, lockOnSuspend } = await api['settings.get']({})
      const wished = occasion === 'away' ? lockOnSuspend : lockAfterMinutes !== null && power.getSystemIdleTime() >= lockAfterMinutes * 60
      if (wished) await api['profile.lock']({})
    } catch (thrown) {
      // Locked or closed meanwhile, by somebody else.
      if (thrown instanceof AppError && ['locked', 'stopping', 'conflict'].includes(thrown.code)) return
      logger.error('auto-lock-failed', { fault: faultName(thrown) })
    }
  }

  let stopped = false
  let cancel = (): void => undefined
  const lookSoon = (): void => {
    if (!stopped) cancel = clock.after(LOOK_EVERY_MS, () => void lockIfWished('idle').then(lookSoon))
  }
  const onAway = (): void => void lockIfWished('away')
  // The system may have put us to sleep before the lock was done, or before anybody looked.
  const onResume = (): void => void lockIfWished('idle')
  power.on('suspend', onAway)
  power.on('lock-screen', onAway)
  power.on('resume', onResume)
  lookSoon()
  return () => {
    stopped = true
    cancel()
    power.off('suspend', onAway)
    power.off('lock-screen', onAway)
    power.off('resume', onResume)
  }
}
