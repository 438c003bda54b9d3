import { setImmediate } from 'node:timers/promises'
import type { NodeEvent } from '../../../shared/ipc/events.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Store } from '../../ports/store.ts'
import { messagesOf } from '../../sync/group/messages-of.ts'
import { messageViews } from '../views/views.ts'
import type { ClockGuard } from './clock-guard.ts'
import type { Job } from './housekeeping.ts'

const DAY_MS = 24 * 3_600_000
/** Longer than most copies are old from which a member is restored: it lacks what came after, and asks for it. */
const KEEP_ACKNOWLEDGED_MS = 7 * DAY_MS
const KEEP_AT_MOST_MS = 30 * DAY_MS
const SLICE = 200
const EXPIRED =
  'Nobody whom it was written to came for it within 30 days, and it is kept for them no longer. Write it again if they still need it.'

interface Deps {
  store: Store
  clock: Clock
  guard: ClockGuard
  emit: (event: NodeEvent) => void
}

/**
 * Drops ciphertext that nobody needs any more, a slice at a time; what reached nobody is said to have failed. Of what some have it goes
 * on being said how many.
 */
export const pruneJob = ({ store, clock, guard, emit }: Deps): Job => ({
  name: 'prune',
  firstMs: 60_000,
  everyMs: 3_600_000,
  run: async (signal) => {
    while (!signal.aborted && guard.look()) {
      const now = clock.now()
      const expired = store.objects.atNobodyBefore(now - KEEP_AT_MOST_MS, SLICE)
      const dropped = store.transaction((tx) => {
        for (const objectId of expired) tx.messages.setFailure(objectId, EXPIRED)
        return tx.objects.prune(now - KEEP_ACKNOWLEDGED_MS, now - KEEP_AT_MOST_MS, SLICE)
      })
      for (const data of messageViews(store, messagesOf(store, expired))) emit({ event: 'message.changed', data })
      if (dropped < SLICE) return
      await setImmediate()
    }
  },
})
