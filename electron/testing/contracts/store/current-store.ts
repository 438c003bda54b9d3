import type { Store } from '../../../ports/store.ts'

/** The store of the test that runs; a new, empty one for each. */
export type CurrentStore = () => Store
