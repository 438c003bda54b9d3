import type { Api } from '../../../shared/ipc/contract.ts'
import type { NodeEvent } from '../../../shared/ipc/events.ts'
import { AppError } from '../../kernel/errors.ts'
import { faultName } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'

/** How things stand, as far as an icon shows it to whoever passes by: no name, no number. */
export interface TrayView {
  standing: 'open' | 'locked' | 'other'
  canLock: boolean
  isUnread: boolean
}

export interface TrayHandle {
  show(view: TrayView): void
  remove(): void
}

interface Deps {
  logger: Logger
  api: Pick<Api, 'profile.status' | 'settings.get'>
  /** Puts an icon there; null where there can be none. */
  makeTray: () => TrayHandle | null
  /** The icon was taken away: without a window nothing is left by which a person could reach the program. */
  onTrayGone: () => void
}

/**
 * Whether the program outlives its window, and the icon by which one reaches it then. What the person chose is in the profile, so after a
 * start it is known once that is open; from then on it holds, also while the profile is locked.
 */
export class Background {
  readonly #deps: Deps
  #tray: TrayHandle | null = null
  #view: TrayView = { standing: 'other', canLock: false, isUnread: false }
  #stopped = false

  constructor(deps: Deps) {
    this.#deps = deps
  }

  get keepsRunning(): boolean {
    return this.#tray !== null
  }

  heard({ event, data }: NodeEvent): void {
    if (event === 'settings.changed') this.#keep(data.keepRunning)
    if (event === 'profile.changed') void this.ask()
  }

  setUnread(count: number): void {
    this.#show({ isUnread: count > 0 })
  }

  /** Asks the messenger how things stand. */
  async ask(): Promise<void> {
    const { api, logger } = this.#deps
    try {
      const status = await api['profile.status']({})
      const standing = status.kind === 'open' || status.kind === 'locked' ? status.kind : 'other'
      this.#show({ standing, canLock: status.kind === 'open' && status.profile.passphrase })
      if (status.kind === 'open') this.#keep((await api['settings.get']({})).keepRunning)
    } catch (thrown) {
      // Locked or closed meanwhile: that is told, too.
      if (!(thrown instanceof AppError)) logger.warn('background-unknown', { fault: faultName(thrown) })
    }
  }

  /** Takes the icon away, and puts none there any more. */
  stop(): void {
    this.#stopped = true
    this.#tray?.remove()
    this.#tray = null
  }

  #keep(isWished: boolean): void {
    if (this.#stopped || isWished === this.keepsRunning) return
    if (isWished) {
      this.#tray = this.#deps.makeTray()
      return this.#tray?.show(this.#view)
    }
    this.#tray?.remove()
    this.#tray = null
    this.#deps.onTrayGone()
  }

  #show(part: Partial<TrayView>): void {
    this.#view = { ...this.#view, ...part }
    this.#tray?.show(this.#view)
  }
}
