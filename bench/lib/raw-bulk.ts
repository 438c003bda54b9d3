import type { Stream } from '@libp2p/interface'
import { bare } from './raw-libp2p.ts'

const PROTOCOL = '/spacepanda-bench/bulk/1'
const PIECE = 64 * 1024

/** Two bare libp2p nodes of this process with the transports of ours, and one stream between them. */
export interface RawBulk {
  /** Milliseconds until so many bytes, sent as fast as the stream takes them, were all there. */
  send(bytes: number): Promise<number>
  stop(): Promise<void>
}

export async function rawBulk(): Promise<RawBulk> {
  const [near, far] = [await bare([]), await bare(['/ip4/127.0.0.1/tcp/0'])]
  let arrived = 0
  let onBytes: () => void = () => undefined
  await far.handle(PROTOCOL, (stream) => {
    stream.addEventListener('message', ({ data }) => {
      arrived += data.byteLength
      onBytes()
    })
  })
  const stream = await near.dialProtocol(far.getMultiaddrs(), PROTOCOL)
  const piece = new Uint8Array(PIECE)
  return {
    send: async (bytes) => {
      const [started, target] = [performance.now(), arrived + bytes]
      const done = new Promise<void>((resolve) => {
        onBytes = () => (arrived >= target ? resolve() : undefined)
      })
      for (let sent = 0; sent < bytes; sent += PIECE) if (!stream.send(piece)) await drained(stream)
      await done
      return performance.now() - started
    },
    stop: async () => {
      await near.stop()
      await far.stop()
    },
  }
}

const drained = (stream: Stream): Promise<void> =>
  new Promise((resolve) => stream.addEventListener('drain', () => resolve(), { once: true }))
