import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../kernel/errors.ts'

/** The shortest limit of the systems we run on (macOS: 104 bytes with the closing zero). */
const MAX_SOCKET_PATH = 100

const digest = (dir: string): string => createHash('sha256').update(dir).digest('hex').slice(0, 24)

/**
 * Where the node of a profile folder listens for commands: a socket in the folder, or in a private folder of the user's
 * where that path would be too long for a socket. On Windows a pipe whose name is made from the folder's path.
 * Throws if there is no such folder, and `AppError('not-permitted')` if the private one is somebody else's.
 */
export function controlPath(dataDir: string, platform: NodeJS.Platform = process.platform, temporary = tmpdir()): string {
  const dir = realpathSync(dataDir)
  if (platform === 'win32') return `\\\\.\\pipe\\spacepanda-${digest(dir)}`
  const inside = join(dir, 'control.sock')
  if (Buffer.byteLength(inside) < MAX_SOCKET_PATH) return inside
  // Not `userInfo()`: it throws for a user that the system has no entry of, as in a container.
  const uid = process.getuid?.() ?? -1
  const folder = join(temporary, `spacepanda-${uid}-${digest(dir)}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Anybody may have made a folder of that name before us, and would then be who answers.
  const found = lstatSync(folder)
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0)
    throw new AppError('not-permitted', 'The folder for the local socket belongs to somebody else.')
  return join(folder, 's')
}
