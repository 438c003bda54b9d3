import type { ProfileStatus } from '../../shared/domain/models.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Dispatch } from '../node/api/dispatch.ts'

/** While the form for a first profile is drawn nothing else is done: nobody has filled it in so soon. */
const FORM_MS = 150
/** How long a page may take to ask whether there is a profile. */
const ASK_MS = 3_000

interface Deps {
  clock: Clock
  /** The messenger's, once it is loaded. */
  messenger: Promise<Dispatch>
  /** Whether there is nothing in the folder that could be a profile, damaged ones included. */
  isFresh: () => boolean
  /** Whether the system's keyring could protect a profile without a passphrase. */
  isKeyringSafe: () => Promise<boolean>
}

/**
 * That there is no profile yet can be told without the messenger, which is most of the program: so who starts it for the first time
 * has the form before that is loaded. Everything else waits for the messenger.
 */
export class FirstAnswer {
  readonly #deps: Deps
  readonly #asked = Promise.withResolvers<null>()
  #isLoaded = false
  #toldNone = false

  constructor(deps: Deps) {
    this.#deps = deps
    const loaded = (): void => {
      this.#isLoaded = true
    }
    void deps.messenger.then(loaded, loaded)
  }

  readonly dispatch: Dispatch = async (method, args) => {
    const { messenger, isFresh, isKeyringSafe } = this.#deps
    if (this.#isLoaded || method !== 'profile.status' || !isFresh()) return (await messenger)(method, args)
    const status: ProfileStatus = { kind: 'none', passphraseRequired: !(await isKeyringSafe()) }
    this.#toldNone = true
    return { ok: true, value: status }
  }

  /** How things stand, where a page was told otherwise: another process may have made a profile meanwhile. Null where nothing is to be said. */
  async news(status: () => Promise<ProfileStatus>): Promise<ProfileStatus | null> {
    if (!this.#toldNone) return null
    const now = await status()
    return now.kind === 'none' ? null : now
  }

  /** A page asks how things stand. */
  asked(): void {
    this.#asked.resolve(null)
  }

  /** Resolves when the messenger may be loaded: at once, or where there is no profile when the form for one is there. */
  async isDrawn(): Promise<void> {
    const { clock, isFresh } = this.#deps
    if (!isFresh()) return
    const cancel = clock.after(ASK_MS, () => this.asked())
    await this.#asked.promise
    cancel()
    await new Promise<void>((resolve) => clock.after(FORM_MS, resolve))
  }
}
