import { createHash } from 'node:crypto'
import { mkdirSync, realpathSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/** The shortest limit of the systems we run on (macOS: 104 bytes with the closing zero). */
const MAX_SOCKET_PATH = 100

const digest = (dir: string): string => createHash('sha256').update(dir).digest('hex').slice(0, 24)

/**
 * Where the node of a profile folder listens for commands: a socket in the folder, or in a private folder of the user's
 * where that path would be too long for a socket. On Windows a pipe whose name is made from the folder's path.
 */
export function controlPath(dataDir: string, platform: NodeJS.Platform = process.platform): string {
  const dir = realpathSync(dataDir)
  if (platform === 'win32') return `\\\\.\\pipe\\spacepanda-${digest(dir)}`
  const inside = join(dir, 'control.sock')
  if (Buffer.byteLength(inside) < MAX_SOCKET_PATH) return inside
  const folder = join(tmpdir(), `spacepanda-${userInfo().uid}-${digest(dir)}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return join(folder, 's')
}
