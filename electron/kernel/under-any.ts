/**
 * Works under a signal that aborts when any of these does. Not `AbortSignal.any` where one of them may be made by that already: Node (24.21)
 * keeps every `AbortSignal.timeout` for ever that is in one of these which is in another, with all who listen.
 */
export async function underAny<T>(signals: readonly AbortSignal[], work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const any = new AbortController()
  const abort = (): void => any.abort()
  for (const signal of signals) signal.addEventListener('abort', abort, { once: true })
  if (signals.some(({ aborted }) => aborted)) abort()
  try {
    return await work(any.signal)
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', abort)
  }
}
