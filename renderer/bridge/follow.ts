import type { CodedError, CallResult } from '../../shared/ipc/error-codes.ts'

/** Either what was loaded last, or why there is nothing. */
export type Loadable<T> = { kind: 'loading' } | { kind: 'failed'; error: CodedError } | { kind: 'ready'; value: T }

interface Follow<T> {
  load: () => Promise<CallResult<T>>
  /** Subscribes to whole new values. */
  subscribe: (listener: (value: T) => void) => () => void
  apply: (state: Loadable<T>) => void
}

/**
 * Loads a value once and then follows its events. An event that arrives while the answer is
 * under way is newer than the answer, so the answer is dropped.
 * Returns the function that stops it.
 */
export function follow<T>({ load, subscribe, apply }: Follow<T>): () => void {
  let current = true
  let overtaken = false
  const unsubscribe = subscribe((value) => {
    overtaken = true
    apply({ kind: 'ready', value })
  })
  void load().then((result) => {
    if (!current || overtaken) return
    apply(result.ok ? { kind: 'ready', value: result.value } : { kind: 'failed', error: result.error })
  })
  return () => {
    current = false
    unsubscribe()
  }
}
