import type { Random } from '../../kernel/random.ts'
import { unwatched } from '../../kernel/work.ts'
import type { OpenStore } from '../../storage/open-store.ts'
import type { Job } from './housekeeping.ts'

/** 8 MB, some 30 ms of work in slices of under 1 ms: 1 GB is verified in about an hour. */
const PAGES_A_RUN = 2000
const EVERY_MS = 30_000
const PAGE_BYTES = 4096

interface Deps {
  store: OpenStore
  random: Random
}

/**
 * Verifies every page of the database file over time, so that damage is found while there are snapshots and peers to mend it from.
 * Begins anywhere: a profile that is never open for long is seen whole all the same. What is found is noted by the store.
 */
export function scrubJob({ store, random }: Deps): Job {
  let from: number | null = null
  return {
    name: 'scrub',
    firstMs: 10_000,
    everyMs: EVERY_MS,
    run: async (signal) => {
      from ??= 1 + Math.floor(random.fraction() * Math.floor(store.file.size() / PAGE_BYTES))
      const { next } = await store.file.verifyPages(from, PAGES_A_RUN, { ...unwatched, signal })
      from = next ?? 1
    },
  }
}
