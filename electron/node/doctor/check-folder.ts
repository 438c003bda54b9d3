import { statSync } from 'node:fs'
import type { DoctorCheck } from '../../../shared/domain/tasks.ts'
import { readPair } from '../../storage/key-file/header-pair.ts'
import { databasePath, keyFileCopyPath, keyFilePath, sizeOf } from '../../storage/key-file/profile-folder.ts'
import { listSetAside } from '../../storage/repair/replace-database.ts'
import { LEAVE_FREE_BYTES, freeBytes, listSnapshots } from '../../storage/snapshots/snapshots.ts'

const DAY_MS = 86_400_000
const MIB = 1024 * 1024
/** What one message with its keys, the note of an opening and the log may take at once. */
const FULL_BELOW_BYTES = MIB

/** What can be told of a profile folder without a key. Throws `AppError('disk')` when it cannot be read at all. */
export function checkFolder(dir: string, now: number): DoctorCheck[] {
  return [checkKeyFile(dir), checkAccess(dir), checkRoom(dir), checkSnapshots(dir, now), ...checkSetAside(dir)]
}

function checkKeyFile(dir: string): DoctorCheck {
  const { file, copy } = readPair(dir)
  const whole = [file, copy].filter(({ kind }) => kind === 'present').length
  if (whole === 2) return good('key-file', 'The key file and its copy can be read.')
  if (whole === 1) return bad('key-file', 'Of the key file and its copy only one can be read. Opening the profile writes the other anew.')
  if (file.kind === 'newer' || copy.kind === 'newer') return bad('key-file', 'The key file was written by a newer SpacePanda.')
  return bad('key-file', 'Neither the key file nor its copy can be read. Without them only a backup opens this history.')
}

/** Only where the system knows such rights. The folder itself may hold other things, for which it is open. */
function checkAccess(dir: string): DoctorCheck {
  if (process.platform === 'win32') return good('folder', 'The profile folder is there.')
  const files = [databasePath(dir), keyFilePath(dir), keyFileCopyPath(dir), ...listSnapshots(dir).map(({ file }) => file)]
  const open = files.some((path) => ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0)
  return open
    ? bad('folder', 'Other users of this computer may read files of the profile. They are encrypted; close them to others all the same.')
    : good('folder', 'The files of the profile are closed to other users.')
}

function checkRoom(dir: string): DoctorCheck {
  return judgeRoom(sizeOf(databasePath(dir)), freeBytes(dir))
}

/** Both in bytes. Without snapshots everything works, so that is worth a warning; on a full disk nothing new is taken. */
export function judgeRoom(database: number, free: number): DoctorCheck {
  if (free < FULL_BELOW_BYTES)
    return bad('disk', 'The disk is full, so nothing new is taken. Make room; what is here can be read meanwhile.')
  const missing = database + LEAVE_FREE_BYTES - free
  if (missing <= 0) return good('disk', 'There is room on the disk for a snapshot of the database.')
  return warning(
    'disk',
    `No snapshot is made now: it would take ${inMib(database)}, and leave less than ${inMib(LEAVE_FREE_BYTES)} of the disk free. ${inMib(missing)} more are needed.`,
  )
}

const inMib = (bytes: number): string => `${Math.ceil(bytes / MIB)} MiB`

function checkSnapshots(dir: string, now: number): DoctorCheck {
  const [newest, ...older] = listSnapshots(dir)
  if (newest === undefined) return good('snapshots', 'There is no snapshot yet. One is made soon after the profile was opened.')
  const days = Math.floor(Math.abs(now - newest.at) / DAY_MS)
  const age = days === 0 ? 'less than a day' : days === 1 ? 'a day' : `${days} days`
  return good(
    'snapshots',
    older.length === 0 ? `The snapshot is ${age} old.` : `The newest of ${older.length + 1} snapshots is ${age} old.`,
  )
}

function checkSetAside(dir: string): DoctorCheck[] {
  const count = listSetAside(databasePath(dir)).length
  if (count === 0) return []
  const words =
    count === 1
      ? 'A damaged database lies beside this one (profile.db.damaged-…). It may be deleted when nothing is missed.'
      : `${count} damaged databases lie beside this one (profile.db.damaged-…). They may be deleted when nothing is missed.`
  return [good('set-aside', words)]
}

export const good = (name: string, detail: string): DoctorCheck => ({ name, ok: true, detail })
/** Nothing is wrong, and something could be better. */
const warning = (name: string, detail: string): DoctorCheck => ({ name, ok: true, warning: true, detail })
export const bad = (name: string, detail: string): DoctorCheck => ({ name, ok: false, detail })
