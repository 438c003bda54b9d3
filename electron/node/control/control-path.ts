import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import { systemRandom } from '../../kernel/random.ts'
import { CONTROL_SOCKET } from '../../storage/key-file/profile-folder.ts'

/** The shortest limit of the systems we run on (macOS: 104 bytes with the closing zero). */
const MAX_SOCKET_PATH = 100

/** 24 hexadecimal digits. */
const PIPE_FILE = 'control.pipe'
const PIPE_NAME = /^[0-9a-f]{24}$/

export interface ControlPlace {
  platform?: NodeJS.Platform
  /** The system's folder for temporary files. */
  temporary?: string
  forServer?: boolean
}

const digest = (dir: string): string => createHash('sha256').update(dir).digest('hex').slice(0, 24)

/**
 * Where the node of a profile folder listens for commands: a socket in the folder, or in a private folder of the user's
 * where that path would be too long for a socket. On Windows a pipe whose name is in a file of the folder:
 * any user there may open a pipe of a name that can be guessed first, and would be given the passphrase. `forServer` makes that name.
 * Throws if there is no such folder, or no such name yet, and `AppError('not-permitted')` if the private one is somebody else's.
 */
export function controlPath(
  dataDir: string,
  { platform = process.platform, temporary = tmpdir(), forServer = false }: ControlPlace = {},
): string {
  const dir = realpathSync(dataDir)
  if (platform === 'win32') return `\\\\.\\pipe\\spacepanda-${pipeName(join(dir, PIPE_FILE), forServer)}`
  const inside = join(dir, CONTROL_SOCKET)
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

function pipeName(file: string, forServer: boolean): string {
  if (forServer) {
    const name = toHex(systemRandom.bytes(12))
    writeFileSync(file, name, { mode: 0o600 })
    return name
  }
  const name = readFileSync(file, 'utf8')
  if (!PIPE_NAME.test(name)) throw new AppError('unreadable', 'The name of the local pipe cannot be read.')
  return name
}
