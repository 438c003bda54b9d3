import { join } from 'node:path'
import type { BrowserWindow, FileFilter, OpenDialogOptions, SaveDialogOptions } from 'electron'
import type { FileWish } from '../../shared/ipc/bridge.ts'
import { fileNameOf } from '../kernel/file-name.ts'

/** What of Electron's `dialog` is used, so that tests need no Electron. */
export interface Dialogs<Window> {
  showSaveDialog(window: Window, options: SaveDialogOptions): Promise<{ canceled: boolean; filePath?: string }>
  showOpenDialog(window: Window, options: OpenDialogOptions): Promise<{ canceled: boolean; filePaths: string[] }>
}

interface Deps<Window> {
  dialog: Dialogs<Window>
  /** The window they belong to; without one nobody is asked. */
  window: () => Window | null
  /** Where dialogs begin. */
  documents: () => string
}

const BACKUP: FileFilter = { name: 'SpacePanda backup', extensions: ['spacepanda-backup'] }
const JSON_FILE: FileFilter = { name: 'JSON', extensions: ['json'] }
const HTML_FILE: FileFilter = { name: 'HTML', extensions: ['html'] }
const ALL: FileFilter = { name: 'All files', extensions: ['*'] }

/** Asks for files and folders in the system's own dialogs. */
export function createFileDialogs<Window = BrowserWindow>({
  dialog,
  window,
  documents,
}: Deps<Window>): (wish: FileWish) => Promise<string | null> {
  const save = async (parent: Window, name: string, filter: FileFilter): Promise<string | null> => {
    const [extension = ''] = filter.extensions
    const suggested = withExtension(fileNameOf(name), extension)
    const { canceled, filePath } = await dialog.showSaveDialog(parent, {
      defaultPath: join(documents(), suggested),
      filters: [filter, ALL],
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    })
    // Not every system adds it, and what has none is found by no dialog later.
    return canceled || filePath === undefined || filePath === '' ? null : withExtension(filePath, extension)
  }
  const open = async (parent: Window, options: OpenDialogOptions): Promise<string | null> => {
    const { canceled, filePaths } = await dialog.showOpenDialog(parent, { defaultPath: documents(), ...options })
    const [path] = filePaths
    return canceled || path === undefined || path === '' ? null : path
  }
  return async ({ purpose, name }) => {
    const parent = window()
    if (parent === null) return null
    switch (purpose) {
      case 'save-backup':
        return save(parent, name, BACKUP)
      case 'save-json':
        return save(parent, name, JSON_FILE)
      case 'save-html':
        return save(parent, name, HTML_FILE)
      case 'open-backup':
        return open(parent, { filters: [BACKUP, ALL], properties: ['openFile'] })
      case 'backup-folder':
        return open(parent, { properties: ['openDirectory', 'createDirectory'] })
    }
  }
}

const withExtension = (name: string, extension: string): string =>
  name.toLowerCase().endsWith(`.${extension}`) ? name : `${name}.${extension}`
