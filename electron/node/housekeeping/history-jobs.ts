import type { NodeEvent } from '../../../shared/ipc/events.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { OpenStore } from '../../storage/open-store.ts'
import { ClockGuard } from './clock-guard.ts'
import type { Job } from './housekeeping.ts'
import { indexJob } from './index-job.ts'
import { emptyLog, logJob } from './log-job.ts'
import { pruneJob } from './prune-job.ts'
import { retentionJob } from './retention-job.ts'

interface Deps {
  store: OpenStore
  clock: Clock
  logger: Logger
  emit: (event: NodeEvent) => void
}

/** What an open profile does by itself for its history: keeps the index whole, and deletes what is to be deleted. */
export function historyJobs(deps: Deps): Job[] {
  const guard = new ClockGuard(deps)
  return [indexJob(deps), logJob(deps), pruneJob({ ...deps, guard }), retentionJob({ ...deps, guard, deleted: () => emptyLog(deps) })]
}
