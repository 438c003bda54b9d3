import { createStore } from 'zustand/vanilla'
import type { UpdateView, UpdateWish } from '../../shared/ipc/updates.ts'
import type { Client } from './client.ts'

export interface UpdatesState {
  /** How it stands with a newer version; null until that is known. */
  view: UpdateView | null
}

/** What the updater says of newer versions of this program, and what is wished of it. It has nothing to do with a profile. */
export function createUpdatesStore(client: Pick<Client, 'updates' | 'onUpdates'>) {
  const store = createStore<UpdatesState>(() => ({ view: null }))
  return {
    store,
    /** Asks once, and follows it from then on. Returns the function that stops it. */
    start: () => {
      let isFollowed = true
      const undo = client.onUpdates((view) => store.setState({ view }))
      // What was told meanwhile is newer than this answer.
      void client.updates('look').then((now) => (isFollowed ? store.setState(({ view }) => ({ view: view ?? now })) : undefined))
      return () => {
        isFollowed = false
        undo()
      }
    },
    ask: async (wish: UpdateWish): Promise<void> => {
      const view = await client.updates(wish)
      if (view !== null) store.setState({ view })
    },
  }
}

export type UpdatesStore = ReturnType<typeof createUpdatesStore>
