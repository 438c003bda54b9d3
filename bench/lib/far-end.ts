import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import type { NodeHandle } from '../../electron/node/node-handle.ts'
import { serveEcho, sharedNow } from './echo.ts'
import { listenLibp2p } from './raw-libp2p.ts'
import { listenTcp } from './raw-tcp.ts'
import { joinBy, newNode, openNode } from './real-node.ts'
import { Stalls } from './stalls.ts'

const LOOK_EVERY_MS = 20

/** What the far process is asked for. Each request is answered by one message. */
export type Request =
  | { kind: 'open'; dataDir: string; messageBytes: number }
  | { kind: 'join'; link: string }
  /** When each message was added there since the last such question, and for how long that process did nothing else. */
  | { kind: 'arrivals' }
  /** Its node stops; what it has stays. */
  | { kind: 'away' }
  /** It starts again; answered once so many messages were added. */
  | { kind: 'back'; messages: number }

export type Reply =
  | { kind: 'opened'; tcpPort: number; libp2pAddress: string }
  | { kind: 'joined' }
  | { kind: 'arrivals'; at: [messageId: string, at: number][]; longestStall: number }
  | { kind: 'away' }
  /** From the start of the node to the last of them; the 99th percentile of how late the event loop came round, in ms. */
  | { kind: 'back'; tookMs: number; p99DelayMs: number }
  | { kind: 'failed'; message: string }

/** Bob: a real node, and the far ends of both baselines, in one process. Ends when the near process does. */
export function runFarEnd(): void {
  let node: NodeHandle | null = null
  let arrivals: [string, number][] = []
  let folder = ''
  const stalls = new Stalls()

  const note = (one: NodeHandle): void =>
    void one.on((event) => {
      if (event.event === 'message.added') arrivals.push([event.data.messageId, sharedNow()])
    })

  const open = async (dataDir: string, messageBytes: number): Promise<Reply> => {
    const tcp = await listenTcp((pipe) => serveEcho(pipe, messageBytes))
    const libp2p = await listenLibp2p((pipe) => serveEcho(pipe, messageBytes))
    folder = dataDir
    node = await newNode(dataDir, 'Bob')
    note(node)
    return { kind: 'opened', tcpPort: tcp.port, libp2pAddress: libp2p.address }
  }
  const join = async (link: string): Promise<Reply> => {
    if (node === null) throw new Error('not open')
    await joinBy(node, link)
    return { kind: 'joined' }
  }
  const away = async (): Promise<Reply> => {
    await node?.stop()
    node = null
    arrivals = []
    return { kind: 'away' }
  }
  const back = async (messages: number): Promise<Reply> => {
    const delay = monitorEventLoopDelay({ resolution: 1 })
    const started = sharedNow()
    delay.enable()
    node = await openNode(folder)
    note(node)
    while (arrivals.length < messages) await setTimeout(LOOK_EVERY_MS)
    delay.disable()
    const last = arrivals.at(-1)?.[1] ?? started
    arrivals = []
    return { kind: 'back', tookMs: last - started, p99DelayMs: delay.percentile(99) / 1e6 }
  }
  const answer = (request: Request): Promise<Reply> => {
    if (request.kind === 'open') return open(request.dataDir, request.messageBytes)
    if (request.kind === 'join') return join(request.link)
    if (request.kind === 'away') return away()
    if (request.kind === 'back') return back(request.messages)
    const at = arrivals
    arrivals = []
    return Promise.resolve({ kind: 'arrivals', at, longestStall: stalls.take() })
  }
  process.on('message', (request: Request) => {
    answer(request).then(
      (reply) => process.send?.(reply),
      (thrown: unknown) => process.send?.({ kind: 'failed', message: thrown instanceof Error ? thrown.message : 'failed' }),
    )
  })
  process.on('disconnect', () => {
    void (node?.stop() ?? Promise.resolve()).finally(() => process.exit(0))
  })
}
