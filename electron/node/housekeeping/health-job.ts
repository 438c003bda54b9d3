import { unwatched } from '../../kernel/work.ts'
import { damageWords } from '../doctor/damage-words.ts'
import { checkContent } from '../../storage/integrity/check-content.ts'
import type { OpenStore } from '../../storage/open-store.ts'
import type { Job } from './housekeeping.ts'

interface Deps {
  store: OpenStore
  /** Tells the person. */
  report: (message: string) => void
}

/**
 * Tells of damage, that of an earlier start included, and after it was found looks at everything once more: a page that was
 * written again since, or a log that was dealt with, is no trouble any more. SQLite's own check of a table stands still for as long as
 * the table is long (half a second at 120 MB), so that is left to the doctor.
 */
export function healthJob({ store, report }: Deps): Job {
  for (const kind of store.damage.known) report(damageWords[kind])
  store.damage.on((kind) => report(damageWords[kind]))
  return {
    name: 'health',
    firstMs: 5_000,
    everyMs: 15 * 60_000,
    run: async (signal) => {
      if (store.damage.known.length === 0) return
      const work = { ...unwatched, signal }
      store.file.checkpoint()
      const { damaged } = await store.file.verifyPages(1, Number.MAX_SAFE_INTEGER, work)
      if (damaged.length === 0 && Object.keys(await checkContent(store, work)).length === 0) store.damage.nothingFound()
    },
  }
}
