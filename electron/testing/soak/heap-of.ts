import { once } from 'node:events'

/**
 * What a process started with `--inspect` on this port of the loopback interface no longer needs is given back to the system (Chrome
 * DevTools Protocol, `HeapProfiler.collectGarbage`): V8 does it when it likes, and what it holds says little until then.
 */
export async function collectGarbage(port: number): Promise<void> {
  const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { webSocketDebuggerUrl: string }[]
  if (target === undefined) throw new Error('there is nothing to be inspected on this port')
  const socket = new WebSocket(target.webSocketDebuggerUrl)
  await once(socket, 'open')
  const answered = once(socket, 'message')
  socket.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }))
  await answered
  const closed = once(socket, 'close')
  socket.close()
  await closed
}
