import { setImmediate } from 'node:timers/promises'
import type { Store } from '../../ports/store.ts'
import type { Job } from './housekeeping.ts'

/** Some 10 ms of work. */
const SLICE = 100

/** Brings messages of before there was an index into it, a slice at a time. It goes on where it stopped, whenever that was. */
export const indexJob = ({ store }: { store: Store }): Job => ({
  name: 'search-index',
  firstMs: 1_000,
  everyMs: 3_600_000,
  run: async (signal) => {
    while (!signal.aborted && store.search.isIncomplete()) {
      store.transaction((tx) => tx.search.indexMore(SLICE))
      await setImmediate()
    }
  },
})
