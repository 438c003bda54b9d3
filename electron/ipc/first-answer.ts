import type { Openers, ProfileStatus } from '../../shared/domain/models.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Dispatch } from '../node/api/dispatch.ts'

/** Until a form that is in its page is painted, from when the window is shown: what this process does meanwhile keeps it waiting. */
const PAINT_MS = 100
/** While a form is drawn nothing else is done: nobody has filled it in so soon. */
const FORM_MS = 150
/** How long a page may take to ask how things stand. */
const ASK_MS = 3_000

const PAGE = 'index.html'

interface Deps {
  clock: Clock
  /** The messenger's, once it is loaded. */
  messenger: Promise<Dispatch>
  /** Whether there is nothing in the folder that could be a profile, damaged ones included. */
  isFresh: () => boolean
  /** A guess at that with nothing loaded for it: whether there is a recovery phrase too. */
  likelyOpeners: () => Pick<Openers, 'recovery'> | null
  /** What opens the profile that is there, where only its person can; null where the messenger has to say. */
  personalOpeners: () => Promise<Pick<Openers, 'passphrase' | 'recovery'> | null>
  /** Whether the system's keyring could protect a profile without a passphrase. */
  isKeyringSafe: () => Promise<boolean>
}

/**
 * That there is no profile yet, or that its person has to open it, can be told without the messenger, which is most of the program: so who
 * starts it has the form before that is loaded. Everything else waits for the messenger.
 */
export class FirstAnswer {
  readonly #deps: Deps
  readonly #asked = Promise.withResolvers<null>()
  #isLoaded = false
  /** Null while it is not known. */
  #needsPassphrase: boolean | null = null
  #told: ProfileStatus['kind'] | null = null

  constructor(deps: Deps) {
    this.#deps = deps
    const loaded = (): void => {
      this.#isLoaded = true
    }
    void deps.messenger.then(loaded, loaded)
  }

  readonly dispatch: Dispatch = async (method, args) => {
    const status = this.#isLoaded || method !== 'profile.status' ? null : await this.#early()
    if (status === null) return (await this.#deps.messenger)(method, args)
    this.#told = status.kind
    return { ok: true, value: status }
  }

  /** Finds out, for `page`, what the system's keyring is worth. Only for a ready application. */
  async look(): Promise<void> {
    this.#needsPassphrase = !(await this.#deps.isKeyringSafe())
  }

  /**
   * The file of the page that a window begins with: one with the form that its person will have before them, drawn when the program was built
   * (renderer/app/stills.tsx), where that can be told at once; else the one without.
   */
  page(): string {
    if (this.#isLoaded) return PAGE
    const { isFresh, likelyOpeners } = this.#deps
    if (isFresh()) {
      if (this.#needsPassphrase === null) return PAGE
      return this.#needsPassphrase ? 'first-run-required.html' : 'first-run.html'
    }
    const openers = likelyOpeners()
    if (openers === null) return PAGE
    return openers.recovery ? 'unlock-recovery.html' : 'unlock.html'
  }

  /** A window with that page is shown. Resolves when this process may go on: at once, or where the page has a form when that is painted. */
  async isPainted(): Promise<void> {
    if (this.page() === PAGE) return
    await new Promise<void>((resolve) => this.#deps.clock.after(PAINT_MS, resolve))
  }

  /** How things stand, where a page was told otherwise: another process may have changed that meanwhile. Null where nothing is to be said. */
  async news(status: () => Promise<ProfileStatus>): Promise<ProfileStatus | null> {
    if (this.#told === null) return null
    const now = await status()
    return now.kind === this.#told ? null : now
  }

  /** A page asks how things stand. */
  asked(): void {
    this.#asked.resolve(null)
  }

  /** Resolves when the messenger may be loaded: at once, or where a form comes first when that is there. */
  async isDrawn(): Promise<void> {
    const { clock, isFresh, personalOpeners } = this.#deps
    if (!isFresh() && (await personalOpeners()) === null) return
    const cancel = clock.after(ASK_MS, () => this.asked())
    await this.#asked.promise
    cancel()
    await new Promise<void>((resolve) => clock.after(FORM_MS, resolve))
  }

  async #early(): Promise<ProfileStatus | null> {
    const { isFresh, personalOpeners, isKeyringSafe } = this.#deps
    if (isFresh()) return { kind: 'none', passphraseRequired: !(await isKeyringSafe()) }
    const openers = await personalOpeners()
    return openers === null ? null : { kind: 'locked', ...openers, passphraseRequired: !(await isKeyringSafe()) }
  }
}
