import type { Api } from '../../../shared/ipc/contract.ts'
import { renameProfile, readSettings, writeSettings } from '../profile/profile-record.ts'
import { readReach, setReach } from '../meeting/reach.ts'
import type { ProfileKeeper } from '../profile/profile-keeper.ts'
import { profileView } from './context.ts'
import type { ApiContext } from './context.ts'

/** What opens and closes a profile. */
export const lifecycleApi = (keeper: ProfileKeeper) =>
  ({
    'profile.status': () => keeper.standing(),
    'profile.create': ({ name, passphrase }) => keeper.create(name, passphrase),
    'profile.unlock': ({ passphrase }) => keeper.unlock(passphrase),
    'profile.recover': ({ recoveryPhrase, passphrase }) => keeper.recover(recoveryPhrase, passphrase),
    'profile.lock': () => keeper.lock(),
    'profile.setPassphrase': ({ current, next }) => keeper.setPassphrase(current, next),
    'profile.makeRecoveryPhrase': ({ current }) => keeper.makeRecoveryPhrase(current),
    'profile.removeRecoveryPhrase': ({ current }) => keeper.removeRecoveryPhrase(current),
  }) satisfies Partial<Api>

/** What an open one says of itself. */
export const profileApi = ({ open, emit }: ApiContext) =>
  ({
    'profile.rename': async ({ name }) => {
      const profile = open()
      profile.record = renameProfile(profile.store, profile.record, name)
      emit({ event: 'profile.changed', data: { kind: 'open', profile: profileView(profile) } })
      return profileView(profile)
    },
    'reach.get': async () => readReach(open().store),
    'reach.set': async (reach) => {
      const { store, messenger } = open()
      return setReach({ store, network: messenger.network }, reach)
    },
    'settings.get': async () => readSettings(open().store),
    'settings.set': async (settings) => {
      writeSettings(open().store, settings)
      emit({ event: 'settings.changed', data: settings })
      return settings
    },
  }) satisfies Partial<Api>
