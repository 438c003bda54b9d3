import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import type { Stream } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import type { Pipe } from './echo.ts'

const PROTOCOL = '/spacepanda-bench/echo/1'

const pipeOf = (stream: Stream): Pipe => ({
  // The echo protocol keeps little on its way, so there is never a full buffer to wait for.
  send: (bytes) => void stream.send(bytes),
  onData: (listener) => stream.addEventListener('message', ({ data }) => listener(data instanceof Uint8Array ? data : data.subarray())),
})

/** libp2p as it comes, with the transports that ours uses between two processes of one machine. */
export const bare = (listen: string[]) =>
  createLibp2p({ addresses: { listen }, transports: [tcp()], connectionEncrypters: [noise()], streamMuxers: [yamux()] })

export async function listenLibp2p(onPipe: (pipe: Pipe) => void): Promise<{ address: string; stop: () => Promise<void> }> {
  const node = await bare(['/ip4/127.0.0.1/tcp/0'])
  await node.handle(PROTOCOL, (stream) => onPipe(pipeOf(stream)))
  const [address] = node.getMultiaddrs()
  if (address === undefined) throw new Error('libp2p does not listen')
  return { address: address.toString(), stop: async () => node.stop() }
}

/** One stream that stays open. */
export async function dialLibp2p(address: string): Promise<{ pipe: Pipe; stop: () => Promise<void> }> {
  const node = await bare([])
  const stream = await node.dialProtocol(multiaddr(address), PROTOCOL)
  return { pipe: pipeOf(stream), stop: async () => node.stop() }
}
