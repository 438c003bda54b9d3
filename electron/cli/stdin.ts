import { AppError } from '../kernel/errors.ts'

/** More than the longest message, in bytes. */
const MAX_BYTES = 256 * 1024

/** Standard input as text, without the line break at its end. Throws `AppError('usage')` if it is a terminal or too long. */
export async function readStdin(): Promise<string> {
  if (process.stdin.isTTY) throw new AppError('usage', 'Give the message as TEXT, or on standard input.')
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BYTES) throw new AppError('usage', 'The message is too long.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}
