import { AppError } from '../kernel/errors.ts'

/** More than the longest message, in bytes. */
const MAX_BYTES = 256 * 1024

/** Standard input as text, without the line break at its end. Throws `AppError('usage')` if it is a terminal, too long, or no text. */
export async function readStdin(what = 'message', missing = 'Give the message as TEXT, or on standard input.'): Promise<string> {
  if (process.stdin.isTTY) throw new AppError('usage', missing)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BYTES) throw new AppError('usage', `The ${what} is too long.`)
    chunks.push(chunk)
  }
  return textOf(Buffer.concat(chunks), what).replace(/\r?\n$/, '')
}

/** Throws `AppError('usage')` on what is no text: to put something else in its place would send what nobody wrote. */
export function textOf(bytes: Uint8Array, what: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch (thrown) {
    throw new AppError('usage', `The ${what} is not text in UTF-8.`, { cause: thrown })
  }
  throw new AppError('usage', `The ${what} is not text: there is a zero byte in it.`)
}
