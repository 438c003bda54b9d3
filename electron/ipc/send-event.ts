import type { BrowserWindow } from 'electron'
import { ipcChannels } from '../../shared/ipc/bridge.ts'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import type { UpdateView } from '../../shared/ipc/updates.ts'

/** Gives events, as one message, to the top frame of our window, if there is one. */
export function sendEvents(window: BrowserWindow | null, events: readonly NodeEvent[]): void {
  if (window !== null && !window.isDestroyed()) window.webContents.send(ipcChannels.events, events)
}

/** Tells the window how its updates stand. */
export function sendUpdates(window: BrowserWindow | null, view: UpdateView): void {
  if (window !== null && !window.isDestroyed()) window.webContents.send(ipcChannels.updated, view)
}
