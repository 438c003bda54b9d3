import type { MenuItemConstructorOptions } from 'electron'
import type { TrayView } from './background.ts'

export interface TrayActions {
  open: () => void
  lock: () => void
  quit: () => void
}

/** What can be done from the icon. */
export const trayMenu = ({ canLock }: TrayView, { open, lock, quit }: TrayActions): MenuItemConstructorOptions[] => [
  { label: 'Open SpacePanda', click: open },
  ...(canLock ? [{ label: 'Lock', click: lock }] : []),
  { type: 'separator' },
  { label: 'Quit', click: quit },
]

/** What the icon says when one points at it. */
export const trayWords = ({ standing }: TrayView): string =>
  standing === 'locked' ? 'SpacePanda is locked: no messages come in' : 'SpacePanda'
