import { chmodSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import * as z from 'zod'
import type { Logger } from '../../kernel/logger.ts'
import { faultName } from '../../kernel/logger.ts'
import { createDispatch } from '../api/dispatch.ts'
import type { NodeHandle } from '../node-handle.ts'
import { controlPath } from './control-path.ts'
import { MAX_REQUEST_CHARS, parseJson, readLines, writeLine } from './line-stream.ts'

/** Raised when the meaning of a line changes; a client of another version is told so. */
export const CONTROL_VERSION = 1
const MAX_CLIENTS = 32
/** Events that may wait for a listener who does not read; then it is cut off, so that it cannot fill our memory. */
const MAX_BACKLOG_BYTES = 16 * 1024 * 1024

const request = z.union([
  z.strictObject({ id: z.int().min(0), method: z.string(), args: z.unknown() }),
  z.strictObject({ id: z.int().min(0), subscribe: z.literal(true) }),
])

export interface ControlServer {
  stop(): Promise<void>
}

/**
 * Lets commands of the same user reach the node that holds the profile open: JSON lines over a socket only that user may
 * open (mode 0600 in a folder of mode 0700). The database's own lock is what keeps two nodes apart, so a socket that is
 * there when we come is a dead one's and is replaced.
 */
export async function serveControl(node: Pick<NodeHandle, 'api' | 'on'>, dataDir: string, logger: Logger): Promise<ControlServer | null> {
  const clients = new Set<Socket>()
  const server = createServer((socket) => {
    if (clients.size >= MAX_CLIENTS) {
      socket.destroy()
      return
    }
    clients.add(socket)
    socket.on('close', () => clients.delete(socket))
    serveClient(node, socket, logger)
  })
  try {
    const path = controlPath(dataDir, { forServer: true })
    if (process.platform !== 'win32') rmSync(path, { force: true })
    await listen(server, path)
    if (process.platform !== 'win32') chmodSync(path, 0o600)
  } catch (thrown) {
    // Without it the window works as before; only the command line cannot reach this node.
    logger.error('control-socket-failed', { fault: faultName(thrown) })
    return null
  }
  return {
    stop: async () => {
      for (const socket of clients) socket.destroy()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // The mask closes the moment between making the socket and setting its mode. Node makes the socket within this call, so
    // the mask, which is the whole process's, is back before anything else makes a file.
    const mask = process.platform === 'win32' ? null : process.umask(0o077)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
    if (mask !== null) process.umask(mask)
  })
}

function serveClient(node: Pick<NodeHandle, 'api' | 'on'>, socket: Socket, logger: Logger): void {
  writeLine(socket, { spacepanda: CONTROL_VERSION })
  const dispatch = createDispatch(node.api, logger)
  let unsubscribe: () => void = () => undefined
  socket.on('error', (error) => logger.debug('control-client-failed', { fault: faultName(error) }))
  socket.on('close', () => unsubscribe())
  readLines(socket, MAX_REQUEST_CHARS, (line) => {
    const parsed = request.safeParse(parseJson(line))
    if (!parsed.success) {
      socket.destroy()
      return
    }
    const { id, ...rest } = parsed.data
    if ('subscribe' in rest) {
      unsubscribe()
      unsubscribe = node.on((event) => {
        if (socket.writableLength > MAX_BACKLOG_BYTES) socket.destroy()
        else writeLine(socket, event)
      })
      writeLine(socket, { id, result: { ok: true, value: null } })
      return
    }
    void dispatch(rest.method, rest.args).then((result) => writeLine(socket, { id, result }))
  })
}
