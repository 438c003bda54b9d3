import { parentPort, workerData } from 'node:worker_threads'
import { IceUdpMuxListener, PeerConnection, type DataChannel } from 'node-datachannel'
import { createLogger } from '../../kernel/logger.ts'
import { freeUdpPort } from '../../network/libp2p/free-port.ts'
import { keepPort } from '../../network/libp2p/mux-ports.ts'
import { loadWebRTC, releaseWebRTC } from '../../network/libp2p/webrtc.ts'

// An environment of Node's in which a channel of WebRTC is open, for a test that takes it apart. The parent ends this thread.
const logger = createLogger('error')
await loadWebRTC(logger)
const near = new PeerConnection('near', { iceServers: [] })
const far = new PeerConnection('far', { iceServers: [] })
const ends = [
  [near, far],
  [far, near],
] as const
for (const [from, to] of ends) {
  from.onLocalDescription((sdp, type) => to.setRemoteDescription(sdp, type))
  from.onLocalCandidate((candidate, mid) => to.addRemoteCandidate(candidate, mid))
}
const channels: DataChannel[] = []
const keep = (channel: DataChannel): void => {
  channel.onClosed(() => undefined)
  channels.push(channel)
}
far.onDataChannel(keep)
const channel = near.createDataChannel('open')
keep(channel)
await new Promise<void>((resolve) => channel.onOpen(resolve))

// And a port that was listened at.
const port = await freeUdpPort('127.0.0.1', 0)
const { startUDPMuxServer } = keepPort({
  startUDPMuxServer: () => {
    const listener = new IceUdpMuxListener(port, '127.0.0.1')
    listener.onUnhandledStunRequest(() => undefined)
    return { owner: null, server: Promise.resolve({ close: async () => listener.stop() }) }
  },
  close: async () => undefined,
})
startUDPMuxServer()

if (workerData === 'released') await releaseWebRTC(logger)
parentPort?.postMessage(channels.length)
