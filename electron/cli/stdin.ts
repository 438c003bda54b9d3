import { AppError } from '../kernel/errors.ts'

/** More than the longest message, in bytes. */
const MAX_BYTES = 256 * 1024

/** Standard input as text, without the line break at its end. Throws `AppError('usage')` if it is a terminal or too long. */
export async function readStdin(what = 'message', missing = 'Give the message as TEXT, or on standard input.'): Promise<string> {
  if (process.stdin.isTTY) throw new AppError('usage', missing)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BYTES) throw new AppError('usage', `The ${what} is too long.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}
