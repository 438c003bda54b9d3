import { setImmediate } from 'node:timers/promises'
import type { ChannelId, MessageId } from '../../../shared/domain/ids.ts'
import type { NodeEvent } from '../../../shared/ipc/events.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Store } from '../../ports/store.ts'
import { markSnapshotsStale } from '../../storage/snapshots/stale.ts'
import { noteSwept } from '../views/before.ts'
import { spaceViews } from '../views/views.ts'
import type { ClockGuard } from './clock-guard.ts'
import type { Job } from './housekeeping.ts'

const DAY_MS = 24 * 3_600_000
const LOOK_EVERY_MS = 60_000
/** All snapshots are made anew after something was deleted, so it is not done for each message that comes of age. */
const SWEEP_EVERY_MS = 3_600_000
/** Some 20 ms of work in a history of a million: each word of each message is taken out of the index. */
const SLICE = 5

interface Deps {
  store: Store
  clock: Clock
  guard: ClockGuard
  emit: (event: NodeEvent) => void
  /** Something was deleted. */
  deleted: () => void
}

/** Deletes what is older than its channel keeps: soon after that was chosen, then every hour. */
export function retentionJob(deps: Deps): Job {
  const sweptFor = new Map<ChannelId, { days: number; at: number }>()
  return {
    name: 'retention',
    firstMs: 30_000,
    everyMs: LOOK_EVERY_MS,
    run: async (signal) => {
      if (!deps.guard.look()) return
      const now = deps.clock.now()
      let any = false
      for (const { channelId, keepDays } of deps.store.messages.channelsWithKeepDays()) {
        const last = sweptFor.get(channelId)
        if (last?.days === keepDays && Math.abs(now - last.at) < SWEEP_EVERY_MS) continue
        any = (await sweepChannel(deps, channelId, now - keepDays * DAY_MS, signal)) || any
        if (!signal.aborted) sweptFor.set(channelId, { days: keepDays, at: now })
      }
      if (any) deps.deleted()
    },
  }
}

/** A slice at a time; each is whole by itself. Answers whether anything was deleted. */
async function sweepChannel({ store, emit }: Deps, channelId: ChannelId, before: number, signal: AbortSignal): Promise<boolean> {
  for (let any = false; ; any = true) {
    if (signal.aborted) return any
    const { gone, isNews } = store.transaction((tx): { gone: MessageId[]; isNews: boolean } => {
      // It may have been told to keep everything since.
      const swept = tx.messages.keepDays(channelId) === null ? [] : tx.messages.sweep(channelId, before, SLICE)
      if (swept.length === 0) return { gone: [], isNews: false }
      markSnapshotsStale(tx.settings)
      return { gone: swept, isNews: noteSwept(tx, channelId) }
    })
    if (gone.length === 0) return any
    if (isNews) emit({ event: 'spaces.changed', data: spaceViews(store) })
    emit({ event: 'messages.removed', data: { channelId, messageIds: gone } })
    const { messages } = store
    emit({ event: 'channel.read', data: { channelId, unread: messages.unread(channelId), readSeq: messages.readSeq(channelId) } })
    await setImmediate()
  }
}
