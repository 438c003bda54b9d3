import { AppError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { OpenStore } from '../../storage/open-store.ts'
import type { Job } from './housekeeping.ts'

interface Deps {
  store: Pick<OpenStore, 'file'>
  logger: Logger
}

/** What was deleted stands in the database's log until that is emptied. It is gone already: that this fails undoes nothing. */
export function emptyLog({ store, logger }: Deps): void {
  try {
    store.file.checkpoint()
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    logger.warn('log-not-emptied', { code: thrown.code })
  }
}

/** Retired keys stand there too, and what was deleted just before a crash. */
export const logJob = (deps: Deps): Job => ({
  name: 'empty-log',
  firstMs: 5_000,
  everyMs: 5 * 60_000,
  run: () => Promise.resolve(emptyLog(deps)),
})
