import { createStore } from 'zustand/vanilla'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import type { ProfileStatus } from '../../../shared/domain/models.ts'
import type { Client } from '../../bridge/client.ts'
import { follow } from '../../bridge/follow.ts'
import type { Loadable } from '../../bridge/follow.ts'

export interface ProfileState {
  status: Loadable<ProfileStatus>
}

/** What the node says of the profile, and the calls that change it. Each call answers null or why not. */
export function createProfileStore(client: Client) {
  const store = createStore<ProfileState>(() => ({ status: { kind: 'loading' } }))
  const opened = (profile: Extract<ProfileStatus, { kind: 'open' }>['profile']) =>
    store.setState({ status: { kind: 'ready', value: { kind: 'open', profile } } })

  const start = () =>
    follow<ProfileStatus>({
      load: () => client.call('profile.status', {}),
      subscribe: (listener) => client.on('profile.changed', listener),
      apply: (status) => store.setState({ status }),
    })
  /** Asks again after the first answer was a failure, or the profile could not be read. */
  const retry = async () => {
    const result = await client.call('profile.status', {})
    store.setState({ status: result.ok ? { kind: 'ready', value: result.value } : { kind: 'failed', error: result.error } })
  }
  const settle = async (call: ReturnType<typeof client.call<'profile.create'>>): Promise<CodedError | null> => {
    const result = await call
    if (!result.ok) return result.error
    opened(result.value)
    return null
  }
  return {
    store,
    start,
    create: (name: string, passphrase: string | null) => settle(client.call('profile.create', { name, passphrase })),
    unlock: (passphrase: string | null) => settle(client.call('profile.unlock', { passphrase })),
    recover: (recoveryPhrase: string, passphrase: string | null) => settle(client.call('profile.recover', { recoveryPhrase, passphrase })),
    /** Closes the profile and forgets its key. */
    lock: async (): Promise<CodedError | null> => {
      const result = await client.call('profile.lock', {})
      if (!result.ok) return result.error
      store.setState({ status: { kind: 'ready', value: result.value } })
      return null
    },
    setPassphrase: (current: string | null, next: string | null) => settle(client.call('profile.setPassphrase', { current, next })),
    /** The phrase is handed to whoever shows it, and kept nowhere. */
    makeRecoveryPhrase: (current: string | null) => client.call('profile.makeRecoveryPhrase', { current }),
    removeRecoveryPhrase: (current: string | null) => settle(client.call('profile.removeRecoveryPhrase', { current })),
    rename: (name: string) => settle(client.call('profile.rename', { name })),
    retry,
    /** Opens it once more, where nobody needs to be asked for anything, and asks how it is then. */
    reopen: async () => {
      await client.call('profile.unlock', { passphrase: null })
      await retry()
    },
  }
}

export type ProfileStore = ReturnType<typeof createProfileStore>
