import type { Api } from '../../../shared/ipc/contract.ts'
import { renameProfile, readSettings, writeSettings } from '../profile-record.ts'
import { profileView } from './context.ts'
import type { ApiContext } from './context.ts'
import { invitationsApi } from './invitations-api.ts'
import { messagesApi } from './messages-api.ts'
import { spacesApi } from './spaces-api.ts'

type Lifecycle = Pick<Api, 'profile.status' | 'profile.create' | 'profile.unlock'>

/** All calls: those that open a profile, and those that need an open one. */
export const createApi = (context: ApiContext, lifecycle: Lifecycle): Api => ({
  ...lifecycle,
  ...spacesApi(context),
  ...invitationsApi(context),
  ...messagesApi(context),

  'profile.rename': async ({ name }) => {
    const profile = context.open()
    profile.record = renameProfile(profile.messenger.deps.store, profile.record, name)
    context.emit({ event: 'profile.changed', data: { kind: 'open', profile: profileView(profile) } })
    return profileView(profile)
  },

  'connection.status': async () => context.open().messenger.connection(),
  'connection.retry': async () => {
    context.open().messenger.network.retryNow()
    return null
  },

  'settings.get': async () => readSettings(context.open().messenger.deps.store),
  'settings.set': async (settings) => {
    writeSettings(context.open().messenger.deps.store, settings)
    return settings
  },
})
