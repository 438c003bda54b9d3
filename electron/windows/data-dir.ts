import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

export interface Folders {
  /** The profile folder, the node's. */
  dataDir: string
  /** Chromium's own files and the window's place, inside it, so that one folder is one instance. */
  windowDir: string
}

/** Where this instance keeps its things. `configured` is `SPACEPANDA_DATA_DIR`; else a folder below the platform's application data. */
export function foldersOf(configured: string | undefined, appData: string): Folders {
  const dataDir = configured === undefined || configured === '' ? join(appData, 'SpacePanda') : resolve(configured)
  return { dataDir, windowDir: join(dataDir, 'window') }
}

/** Makes both folders, for this user alone. Throws when that is not possible. */
export function makeFolders(folders: Folders): void {
  mkdirSync(folders.windowDir, { recursive: true, mode: 0o700 })
}
