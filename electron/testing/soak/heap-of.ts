import { once } from 'node:events'

/**
 * What a finalizer lets go is garbage only in the next round, and V8 throws out the bytecode of functions, and what it noted of how they run,
 * only once they did not run during some of them: with fewer it depends on the moment how much of that there is, a twentieth of the heap.
 */
const ROUNDS = 20

const LOOK = `(() => {
  const spaces = process.getBuiltinModule('node:v8').getHeapSpaceStatistics()
  const [code, objects] = [true, false].map((isCode) =>
    spaces.filter((space) => /code|trusted/.test(space.space_name) === isCode).reduce((sum, space) => sum + space.space_used_size, 0))
  const { external, heapTotal: reserved } = process.memoryUsage()
  return { code, objects, external, reserved }
})()`

/** What JavaScript holds in a process when all garbage is gone, in bytes. */
export interface Heap {
  objects: number
  /** What functions are compiled to: the more of the program has run, and the oftener, the more. */
  code: number
  /** Of buffers and of what native modules told V8 of. */
  external: number
  /** What V8 has of the system for objects and code, gaps between them included. */
  reserved: number
}

/** Looks at what is left in a process once it has given back to the system what it needs no more. */
export const heapOf = (port: number): Promise<Heap> =>
  inspect(port, async (ask) => {
    for (let round = 0; round < ROUNDS; round++) await ask('HeapProfiler.collectGarbage')
    const { result } = (await ask('Runtime.evaluate', { expression: LOOK, returnByValue: true })) as { result: { value: Heap } }
    return result.value
  })

export const collectGarbage = (port: number): Promise<void> =>
  inspect(port, async (ask) => {
    await ask('HeapProfiler.collectGarbage')
  })

type Ask = (method: string, params?: object) => Promise<unknown>

/** Talks with a process that was started with `--inspect` on this port of the loopback interface (Chrome DevTools Protocol). */
async function inspect<T>(port: number, work: (ask: Ask) => Promise<T>): Promise<T> {
  const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { webSocketDebuggerUrl: string }[]
  if (target === undefined) throw new Error('there is nothing to be inspected on this port')
  const socket = new WebSocket(target.webSocketDebuggerUrl)
  await once(socket, 'open')
  const result = await work(async (method, params = {}) => {
    const answered = once(socket, 'message') as Promise<[MessageEvent<string>]>
    socket.send(JSON.stringify({ id: 1, method, params }))
    const [{ data }] = await answered
    return (JSON.parse(data) as { result: unknown }).result
  })
  const closed = once(socket, 'close')
  socket.close()
  await closed
  return result
}
