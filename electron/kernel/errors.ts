import type { CodedError, ErrorCode } from '../../shared/ipc/error-codes.ts'

/** A failure that a person or a caller can act on. Its message is safe to show and to log. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  toCoded(): CodedError {
    return { code: this.code, message: this.message }
  }
}

/** A rule of ours was broken: a defect, not an outcome. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}

export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new InvariantError(what)
}

/** Marks a `switch` as exhaustive at compile time. */
export function unreachable(value: never): never {
  throw new InvariantError(`unexpected variant ${typeof value === 'object' ? JSON.stringify(Object.keys(value)) : typeof value}`)
}

/** Whatever was thrown, as something that may cross a wall: unknown causes become `internal` without their text. */
export function toCodedError(thrown: unknown): CodedError {
  if (thrown instanceof AppError) return thrown.toCoded()
  return { code: 'internal', message: 'SpacePanda met a fault of its own. Nothing was changed by this step.' }
}
