import type { ProfileStatus } from '../../shared/domain/models.ts'
import type { Dispatch } from '../node/api/dispatch.ts'

interface Deps {
  /** The messenger's, once it is loaded. */
  dispatch: Promise<Dispatch>
  /** Whether there is nothing in the folder that could be a profile, damaged ones included. */
  isFresh: () => boolean
  /** Whether the system's keyring could protect a profile without a passphrase. */
  isKeyringSafe: () => Promise<boolean>
}

/**
 * That there is no profile yet can be told without the messenger, which is most of the program: so who starts it for the first time
 * has the form before that is loaded. Everything else waits for the messenger.
 */
export function answerFirst({ dispatch, isFresh, isKeyringSafe }: Deps): Dispatch {
  let isLoaded = false
  const loaded = (): void => {
    isLoaded = true
  }
  void dispatch.then(loaded, loaded)
  return async (method, args) => {
    if (isLoaded || method !== 'profile.status' || !isFresh()) return (await dispatch)(method, args)
    const status: ProfileStatus = { kind: 'none', passphraseRequired: !(await isKeyringSafe()) }
    return { ok: true, value: status }
  }
}
