import { serveEcho, sharedNow } from './echo.ts'
import { listenLibp2p } from './raw-libp2p.ts'
import { listenTcp } from './raw-tcp.ts'
import { heard, newNode } from './real-node.ts'
import { Stalls } from './stalls.ts'

/** What the far process is asked for. Each request is answered by one message. */
export type Request =
  | { kind: 'open'; dataDir: string; messageBytes: number }
  | { kind: 'join'; link: string }
  /** When each message was added there since the last such question, and for how long that process did nothing else. */
  | { kind: 'arrivals' }

export type Reply =
  | { kind: 'opened'; tcpPort: number; libp2pAddress: string }
  | { kind: 'joined' }
  | { kind: 'arrivals'; at: [messageId: string, at: number][]; longestStall: number }
  | { kind: 'failed'; message: string }

/** Bob: a real node, and the far ends of both baselines, in one process. Ends when the near process does. */
export function runFarEnd(): void {
  let node: Awaited<ReturnType<typeof newNode>> | null = null
  let arrivals: [string, number][] = []
  const stalls = new Stalls()

  const open = async (dataDir: string, messageBytes: number): Promise<Reply> => {
    const tcp = await listenTcp((pipe) => serveEcho(pipe, messageBytes))
    const libp2p = await listenLibp2p((pipe) => serveEcho(pipe, messageBytes))
    node = await newNode(dataDir, 'Bob')
    node.on((event) => {
      if (event.event === 'message.added') arrivals.push([event.data.messageId, sharedNow()])
    })
    return { kind: 'opened', tcpPort: tcp.port, libp2pAddress: libp2p.address }
  }
  const join = async (link: string): Promise<Reply> => {
    if (node === null) throw new Error('not open')
    const done = heard(node, 'the end of the join', (event) => {
      if (event.event !== 'join.changed') return null
      const { state } = event.data
      if (state.kind === 'refused' || state.kind === 'cancelled') throw new Error(`not let in: ${state.kind}`)
      return state.kind === 'done' ? true : null
    })
    await node.api['joins.start']({ link })
    await done
    return { kind: 'joined' }
  }
  const answer = (request: Request): Promise<Reply> => {
    if (request.kind === 'open') return open(request.dataDir, request.messageBytes)
    if (request.kind === 'join') return join(request.link)
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
