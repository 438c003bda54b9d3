import type { Socket } from 'node:net'

/** The longest question: a message of 16,000 characters, each written as six, and its envelope. */
export const MAX_REQUEST_CHARS = 512 * 1024
/** The longest answer: a page of 200 messages, each of 65,536 characters (what a hostile member can send), written as six. */
export const MAX_ANSWER_CHARS = 128 * 1024 * 1024

/** Calls `onLine` for each line; destroys the socket on one that is too long. */
export function readLines(socket: Socket, maxChars: number, onLine: (line: string) => void): void {
  let pending: string[] = []
  let size = 0
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    for (let from = 0; !socket.destroyed;) {
      const end = chunk.indexOf('\n', from)
      const part = chunk.slice(from, end === -1 ? undefined : end)
      size += part.length
      if (size > maxChars) return void socket.destroy()
      pending.push(part)
      if (end === -1) return
      const line = pending.join('')
      pending = []
      size = 0
      from = end + 1
      if (line !== '') onLine(line)
    }
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
