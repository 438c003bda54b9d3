import { AppError } from '../../kernel/errors.ts'
import type { Api } from '../../../shared/ipc/contract.ts'
import { renameProfile, readSettings, writeSettings } from '../profile-record.ts'
import { profileView } from './context.ts'
import type { ApiContext } from './context.ts'
import { invitationsApi } from './invitations-api.ts'
import { messagesApi } from './messages-api.ts'
import { spacesApi } from './spaces-api.ts'

type Lifecycle = Pick<Api, 'profile.status' | 'profile.create' | 'profile.unlock'>

/** All calls: those that open a profile, and those that need an open one. */
/** Contract first: taken out one by one as they are built. */
const notYet = () => Promise.reject(new AppError('internal', 'Not built yet.'))
const pending = {
  'profile.recover': notYet,
  'profile.lock': notYet,
  'profile.setPassphrase': notYet,
  'profile.makeRecoveryPhrase': notYet,
  'profile.removeRecoveryPhrase': notYet,
  'messages.search': notYet,
  'messages.deleteForMe': notYet,
  'channels.setKeepDays': notYet,
  'tasks.list': notYet,
  'tasks.cancel': notYet,
  'backup.create': notYet,
  'backup.verify': notYet,
  'backup.restore': notYet,
  'backup.status': notYet,
  'backup.setSchedule': notYet,
  'export.channel': notYet,
  'doctor.run': notYet,
} satisfies Partial<Api>

export const createApi = (context: ApiContext, lifecycle: Lifecycle): Api => ({
  ...pending,
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
