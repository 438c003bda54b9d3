import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../kernel/errors.ts'
import { diskFault } from './disk-fault.ts'

/** Names inside a profile folder. */
export const KEY_FILE = 'profile.json'
export const KEY_FILE_COPY = 'profile.json.copy'
export const DATABASE_FILE = 'profile.db'
/** Where the node that has it open listens, if that path is short enough (`node/control/control-path.ts`). */
export const CONTROL_SOCKET = 'control.sock'
/** In which a profile is put together that is being restored (`../backup/staging.ts`). */
export const STAGING = 'restoring'

/** The seed of the key by which everybody knows the relay of a folder. */
export const RELAY_KEY_FILE = 'relay.key'

export const keyFilePath = (dir: string): string => join(dir, KEY_FILE)
export const keyFileCopyPath = (dir: string): string => join(dir, KEY_FILE_COPY)
export const databasePath = (dir: string): string => join(dir, DATABASE_FILE)

/** Whether there is nothing in a folder that is, was or was to be a profile. */
export const isFresh = (dir: string): boolean =>
  ![KEY_FILE, KEY_FILE_COPY, DATABASE_FILE, STAGING].some((name) => existsSync(join(dir, name)))

/** Before a profile is made. Throws `AppError('conflict')`. */
export function refuseFolderOfRelay(dir: string): void {
  if (!existsSync(join(dir, RELAY_KEY_FILE))) return
  const words =
    'This is the folder of a relay (relay.key is in it). A profile needs a folder of its own: choose another with --data-dir, or move the relay’s files to another folder.'
  throw new AppError('conflict', words)
}

/** Size of a file in bytes; 0 where there is none. */
export function sizeOf(file: string): number {
  try {
    return statSync(file, { throwIfNoEntry: false })?.size ?? 0
  } catch (thrown) {
    throw diskFault(thrown)
  }
}

/**
 * Makes the folder, for its owner alone. One that is there is closed to others only while it is empty:
 * someone may have named a folder that holds other things too.
 */
export function makeProfileFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    if (readdirSync(dir).length === 0) chmodSync(dir, 0o700)
  } catch (thrown) {
    throw diskFault(thrown)
  }
}
