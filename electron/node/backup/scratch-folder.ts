import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** Folders, and the log that opening the database makes for a moment. */
const BESIDE_BYTES = 1024 * 1024

/**
 * Where a database of so many bytes is put for a look at it: the first of these folders that has room for it. Temporary files come last,
 * because they may be in memory; the folder of the profile is preferred, because there is room for it as a rule. Where there is none
 * anywhere it is the first folder that is there, and who writes there says so.
 */
export function scratchFolder(preferred: readonly string[], bytes: number, temporary = tmpdir()): string {
  const rooms = [...preferred, temporary].flatMap((folder) => {
    const room = roomIn(folder)
    return room === null ? [] : [{ folder, room }]
  })
  const found = rooms.find(({ room }) => room >= bytes + BESIDE_BYTES) ?? rooms[0]
  return found?.folder ?? temporary
}

/** Null where there is no such folder. */
function roomIn(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return null
  }
}
