import type { Api } from '../../../shared/ipc/contract.ts'
import { putDraft, readDrafts } from '../drafts.ts'
import type { ApiContext } from './context.ts'

export const draftsApi = (context: ApiContext): Pick<Api, 'drafts.list' | 'drafts.put'> => ({
  'drafts.list': async () => readDrafts(context.open().messenger.deps.store),

  'drafts.put': async (draft) => {
    const { messenger } = context.open()
    // Of a channel that is gone there is nothing left to take away.
    if (draft.text !== '') messenger.channel(draft.channelId)
    messenger.deps.store.transaction((tx) => putDraft(tx, draft))
    return null
  },
})
