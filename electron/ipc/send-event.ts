import type { BrowserWindow } from 'electron'
import { ipcChannels } from '../../shared/ipc/bridge.ts'
import type { NodeEvent } from '../../shared/ipc/events.ts'

/** Gives an event to the top frame of our window, if there is one. */
export function sendEvent(window: BrowserWindow | null, event: NodeEvent): void {
  if (window !== null && !window.isDestroyed()) window.webContents.send(ipcChannels.event, event)
}
