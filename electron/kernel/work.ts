import { AppError } from './errors.ts'

/** How long work tells how far it is and learns that nobody wants it any more. */
export interface Work {
  signal: AbortSignal
  /** `done` of `total`, in a unit of the work's own; `total` is null while it is unknown. */
  progress(done: number, total: number | null): void
}

/** Throws `AppError('cancelled')` once the work is not wanted any more. To be called where stopping leaves nothing half done. */
export function stopIfCancelled({ signal }: Pick<Work, 'signal'>): void {
  if (signal.aborted) throw new AppError('cancelled', 'This was cancelled. Nothing was changed.')
}

/** For callers that neither watch nor cancel. */
export const unwatched: Work = { signal: new AbortController().signal, progress: () => undefined }
