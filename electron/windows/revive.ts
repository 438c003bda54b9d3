import type { BrowserWindow } from 'electron'
import type { Clock } from '../kernel/clock.ts'

const MAX_REVIVALS = 3
const WITHIN_MS = 60_000

/** Loads the page again when its process died, but not for ever: a page that dies at once would take the machine with it. */
export function reviveAfterCrash(window: BrowserWindow, clock: Clock, onCrash: (reason: string) => void): void {
  let crashes: number[] = []
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    onCrash(reason)
    const now = clock.now()
    crashes = [...crashes.filter((at) => now - at < WITHIN_MS), now]
    if (crashes.length <= MAX_REVIVALS && !window.isDestroyed()) window.webContents.reload()
  })
}
