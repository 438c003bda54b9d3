import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** Chromium's own files and the window's place, inside the profile folder, so that one folder is one instance. */
export const windowDirOf = (dataDir: string): string => join(dataDir, 'window')

/** Makes a folder and those above it, for this user alone. Throws when that is not possible. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
}
