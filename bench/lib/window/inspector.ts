/** A connection to the inspector of a main process, made while it starts, so that nothing has to be built in to be measured. */
export interface Inspector {
  /** The value of an expression, which must be plain data. */
  evaluate(expression: string): Promise<unknown>
  close(): void
}

interface Answer {
  id?: number
  error?: { message: string }
  result?: { result?: { value?: unknown }; exceptionDetails?: { text: string; exception?: { description?: string } } }
}

/** @param url as the process prints it on standard error: `ws://127.0.0.1:PORT/ID` */
export async function inspect(url: string): Promise<Inspector> {
  const socket = new WebSocket(url)
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (reason: Error) => void }>()
  let nextId = 1
  const fail = (): void => {
    for (const { reject } of waiting.values()) reject(new Error('the application ended while it was being measured'))
    waiting.clear()
  }
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true })
    socket.addEventListener('error', () => reject(new Error('no inspector')), { once: true })
  })
  socket.addEventListener('close', fail)
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer
    const asked = waiting.get(answer.id ?? 0)
    if (asked === undefined) return
    waiting.delete(answer.id ?? 0)
    const wrong = answer.error?.message ?? answer.result?.exceptionDetails?.exception?.description ?? answer.result?.exceptionDetails?.text
    if (wrong !== undefined) asked.reject(new Error(wrong))
    else asked.resolve(answer.result?.result?.value)
  })
  return {
    evaluate: (expression) =>
      new Promise((resolve, reject) => {
        const id = nextId++
        waiting.set(id, { resolve, reject })
        const params = { expression, returnByValue: true }
        socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }))
      }),
    close: () => socket.close(),
  }
}
