import { parentPort, workerData } from 'node:worker_threads'
import { PeerConnection, type DataChannel } from 'node-datachannel'
import { createLogger } from '../../kernel/logger.ts'
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
if (workerData === 'released') await releaseWebRTC(logger)
parentPort?.postMessage(channels.length)
