import type { WebRTCTransportDirectInit } from '@libp2p/webrtc'
import type { CreateListenerOptions } from '@libp2p/interface'
import { faultName, type Logger } from '../../kernel/logger.ts'
import type { Certificate } from './endpoint.ts'
import { closePorts, keepPort } from './mux-ports.ts'

type WebRTC = typeof import('@libp2p/webrtc')

/** Of the process, as the native library is. */
let isLoaded = false

/**
 * Loads WebRTC and with it the native node-datachannel: later than the rest, as it takes long, and in a way that
 * lets a machine without a working binary go on with TCP alone. Null then.
 */
export async function loadWebRTC(logger: Logger, load: () => Promise<WebRTC> = () => import('@libp2p/webrtc')): Promise<WebRTC | null> {
  try {
    const webrtc = await load()
    isLoaded = true
    return webrtc
  } catch (thrown) {
    logger.warn('webrtc-unavailable', { fault: faultName(thrown) })
    return null
  }
}

/**
 * Closes whatever WebRTC still has open in this process, and waits for its threads: some milliseconds, 10 s at most. Once, last, where
 * the process then takes Node's objects apart, as Electron does and `process.exit` does not: there node-datachannel (0.33.4)
 * closes each channel that is open, calls back into what is gone, and waits for its lock for ever.
 */
export async function releaseWebRTC(logger: Logger): Promise<void> {
  if (!isLoaded) return
  try {
    const { cleanup } = await import('node-datachannel')
    try {
      cleanup()
    } finally {
      await closePorts()
    }
  } catch (thrown) {
    logger.warn('webrtc-not-released', { fault: faultName(thrown) })
  }
}

/**
 * WebRTC to an address that is known, which asks nobody from where it comes. Left to itself libp2p (webrtc 6.0.33) asks four servers of
 * strangers, who would learn of every connection, and a name server where those are.
 */
export function webRTCDirect(webrtc: Pick<WebRTC, 'webRTCDirect'>, certificate: Certificate): ReturnType<WebRTC['webRTCDirect']> {
  const make = webrtc.webRTCDirect({ certificate, rtcConfiguration: { iceServers: [] } } satisfies WebRTCTransportDirectInit)
  return (components) => {
    const transport = make(components)
    const createListener = transport.createListener.bind(transport)
    return Object.assign(transport, { createListener: (options: CreateListenerOptions) => keepPort(createListener(options)) })
  }
}

/** WebRTC that a relay introduces. `stun`: the servers to ask, read for each connection: relays, which see all of that anyway. */
export const webRTCIntroduced = (webrtc: Pick<WebRTC, 'webRTC'>, stun: () => readonly string[]): ReturnType<WebRTC['webRTC']> =>
  webrtc.webRTC({ rtcConfiguration: () => ({ iceServers: stun().map((urls) => ({ urls })) }) })
