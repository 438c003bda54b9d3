import type { BrowserWindow } from 'electron'
import { APP_TITLE, focusWindow, openMainWindow } from './main-window.ts'
import type { WindowDeps } from './main-window.ts'
import { reviveAfterCrash } from './revive.ts'

export interface WindowKeeperEvents {
  /** The window is on the screen for the first time. */
  onShown(): void
  /** The page that listened is gone: closed, crashed or being loaded again. */
  onPageGone(): void
}

/** Holds the one window of this instance, which on macOS may be closed and opened again. */
export class WindowKeeper {
  readonly #deps: WindowDeps
  readonly #events: WindowKeeperEvents
  #window: BrowserWindow | null = null
  #title = APP_TITLE

  constructor(deps: WindowDeps, events: WindowKeeperEvents) {
    this.#deps = deps
    this.#events = events
  }

  get current(): BrowserWindow | null {
    return this.#window
  }

  /** How much is unread, told where the system names its windows. */
  setUnread(count: number): void {
    this.#title = count === 0 ? APP_TITLE : `(${count}) ${APP_TITLE}`
    this.#window?.setTitle(this.#title)
  }

  /** Whether somebody has the window before them. */
  get isLookedAt(): boolean {
    const window = this.#window
    return window !== null && window.isFocused() && window.isVisible() && !window.isMinimized()
  }

  /** Only for a ready application. Opens the window, or brings the open one to the front. */
  open(): void {
    if (this.#window !== null) {
      focusWindow(this.#window)
      return
    }
    const { onShown, onPageGone } = this.#events
    const window = openMainWindow(this.#deps, onShown)
    this.#window = window
    window.setTitle(this.#title)
    // The page has a title of its own, which knows nothing of this.
    window.on('page-title-updated', (event) => event.preventDefault())
    window.on('closed', () => {
      this.#window = null
      onPageGone()
    })
    window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) onPageGone()
    })
    reviveAfterCrash(window, this.#deps.clock, onPageGone)
  }
}
