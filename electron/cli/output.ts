import type { CodedError } from '../../shared/ipc/error-codes.ts'

/** Where a command's answer goes: one JSON object a line with `--json`, else words for a person. */
export interface Output {
  readonly json: boolean
  /** The command's result. `words` is only called without `--json`. */
  result(value: object, words: () => string): void
  /** What goes on, for a person who waits; standard error, and nothing with `--json`. */
  progress(words: string): void
  /** How far something is, in one line that the next one takes the place of; null removes it. Only where standard error is a terminal. */
  meter(words: string | null): void
  error(error: CodedError): void
}

interface Streams {
  stdout: { write(text: string): unknown }
  stderr: { write(text: string): unknown; isTTY?: boolean }
}

/** ECMA-48: to the line's beginning, and erase it. */
const CLEAR_LINE = '\r\u001b[2K'

export function createOutput(json: boolean, { stdout, stderr }: Streams): Output {
  return {
    json,
    result: (value, words) => stdout.write(`${json ? JSON.stringify(value) : printable(words())}\n`),
    progress: (words) => {
      if (!json) stderr.write(`${printable(words)}\n`)
    },
    meter: (words) => {
      if (!json && stderr.isTTY === true) stderr.write(`${CLEAR_LINE}${words === null ? '' : printable(words)}`)
    },
    error: (error) => {
      if (json) stdout.write(`${JSON.stringify({ error })}\n`)
      else stderr.write(`${printable(error.message)}\n`)
    },
  }
}

/** Names and messages come from others: control characters in them must not reach the terminal. Line breaks and tabs may. */
const printable = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
