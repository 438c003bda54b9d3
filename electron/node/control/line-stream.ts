import type { Socket } from 'node:net'

/** A line longer than this is not one of ours: twice the longest message, in the worst encoding, and its envelope. */
export const MAX_LINE_BYTES = 512 * 1024

/** Calls `onLine` for each line; destroys the socket on one that is too long. */
export function readLines(socket: Socket, onLine: (line: string) => void): void {
  let pending = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    const lines = (pending + chunk).split('\n')
    pending = lines.pop() ?? ''
    if (pending.length > MAX_LINE_BYTES || lines.some((line) => line.length > MAX_LINE_BYTES)) {
      socket.destroy()
      return
    }
    for (const line of lines) if (line !== '') onLine(line)
  })
}

export function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

export const writeLine = (socket: Socket, value: unknown): void => {
  if (!socket.destroyed) socket.write(`${JSON.stringify(value)}\n`)
}
