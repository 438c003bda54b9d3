import type { Bridge } from '../../shared/ipc/bridge.ts'

declare global {
  interface Window {
    spacepanda?: Bridge
  }
}

/** What the preload script left for the window. */
export function windowBridge(): Bridge {
  if (window.spacepanda === undefined) throw new Error('The window was opened without its preload script')
  return window.spacepanda
}
