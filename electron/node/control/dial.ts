import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { controlPath } from './control-path.ts'

/** A line to the node that runs over this folder; null if none does. */
export function dial(dataDir: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    let path: string
    try {
      path = controlPath(dataDir)
    } catch {
      resolve(null) // No such folder, so nobody serves it.
      return
    }
    const socket = connect(path)
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => resolve(null))
  })
}

/** Whether a node runs over this folder, of whatever version. A socket that a crash left behind answers nobody. */
export async function isServed(dataDir: string): Promise<boolean> {
  const socket = await dial(dataDir)
  // Whoever hangs up on us at once is there all the same.
  socket?.on('error', () => undefined)
  socket?.destroy()
  return socket !== null
}
