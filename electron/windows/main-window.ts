import { join } from 'node:path'
import { BrowserWindow, nativeTheme, screen } from 'electron'
import type { Rectangle } from 'electron'
import type { Clock } from '../kernel/clock.ts'
import { APP_ENTRY } from './app-path.ts'
import { guardNavigation } from './navigation-guard.ts'
import { DEFAULT_SIZE, MIN_SIZE, fitState, readState, writeState } from './window-state.ts'

/** The backgrounds of the two themes, so that nothing flashes before the first style is read. */
const BACKGROUND = { light: '#fafafc', dark: '#131218' } as const
/** A renderer that paints nothing is shown all the same after this time: an empty window can be closed, an unseen one cannot. */
const SHOW_ANYWAY_MS = 3_000
const SAVE_AFTER_MS = 500
export const APP_TITLE = 'SpacePanda'

export interface WindowDeps {
  clock: Clock
  /** The folder of the bundles: `preload.cjs` lies in it. */
  appRoot: string
  /** Where the window's place is remembered. */
  stateFile: string
  developer: boolean
  platform: NodeJS.Platform
}

/** Opens the one window of this instance. `onShown` is called once, when it is on the screen. */
export function openMainWindow(deps: WindowDeps, onShown: () => void): BrowserWindow {
  const last = readState(deps.stateFile)
  const state = last === null ? null : fitState(last, workAreas())
  const window = new BrowserWindow({
    ...(state?.bounds ?? DEFAULT_SIZE),
    minWidth: MIN_SIZE.width,
    minHeight: MIN_SIZE.height,
    show: false,
    title: APP_TITLE,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    autoHideMenuBar: true,
    titleBarStyle: deps.platform === 'darwin' ? 'hiddenInset' : 'default',
    webPreferences: {
      preload: join(deps.appRoot, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: deps.developer,
    },
  })
  guardNavigation(window.webContents, APP_ENTRY)
  showWhenPainted(window, deps.clock, state?.maximized ?? false, onShown)
  rememberPlace(window, deps.clock, deps.stateFile)
  void window.loadURL(APP_ENTRY).catch(() => undefined)
  return window
}

/** Of the displays that are there. Asking takes a while, which the very first window can do without. */
const workAreas = (): Rectangle[] => screen.getAllDisplays().map((display) => display.workArea)

function showWhenPainted(window: BrowserWindow, clock: Clock, maximized: boolean, onShown: () => void): void {
  let shown = false
  const show = (): void => {
    if (shown || window.isDestroyed()) return
    shown = true
    if (maximized) window.maximize()
    window.show()
    onShown()
  }
  window.once('ready-to-show', show)
  const cancel = clock.after(SHOW_ANYWAY_MS, show)
  window.once('closed', cancel)
}

function rememberPlace(window: BrowserWindow, clock: Clock, stateFile: string): void {
  let cancel = (): void => undefined
  const save = (): void => {
    cancel()
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return
    try {
      writeState(stateFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized() })
    } catch {
      // A full or read-only disk: the window opens at the default place next time, and whoever stores messages reports the disk.
      return
    }
  }
  const saveSoon = (): void => {
    cancel()
    cancel = clock.after(SAVE_AFTER_MS, save)
  }
  window.on('resize', saveSoon)
  window.on('move', saveSoon)
  window.on('close', save)
}

/** Brings a window in front of the others, wherever it was. */
export function focusWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}
