import type { WebRTCTransportDirectInit } from '@libp2p/webrtc'
import { faultName, type Logger } from '../../kernel/logger.ts'
import type { Certificate } from './endpoint.ts'

type WebRTC = typeof import('@libp2p/webrtc')

/**
 * Loads WebRTC and with it the native node-datachannel: later than the rest, as it takes long, and in a way that
 * lets a machine without a working binary go on with TCP alone. Null then.
 */
export async function loadWebRTC(logger: Logger, load: () => Promise<WebRTC> = () => import('@libp2p/webrtc')): Promise<WebRTC | null> {
  try {
    return await load()
  } catch (thrown) {
    logger.warn('webrtc-unavailable', { fault: faultName(thrown) })
    return null
  }
}

/**
 * WebRTC to an address that is known, which asks nobody from where it comes. Left to itself libp2p (webrtc 6.0.33) asks four servers of
 * strangers, who would learn of every connection, and a name server where those are.
 */
export const webRTCDirect = (webrtc: Pick<WebRTC, 'webRTCDirect'>, certificate: Certificate): ReturnType<WebRTC['webRTCDirect']> =>
  webrtc.webRTCDirect({ certificate, rtcConfiguration: { iceServers: [] } } satisfies WebRTCTransportDirectInit)

/** WebRTC that a relay introduces. `stun`: the servers to ask, read for each connection: relays, which see all of that anyway. */
export const webRTCIntroduced = (webrtc: Pick<WebRTC, 'webRTC'>, stun: () => readonly string[]): ReturnType<WebRTC['webRTC']> =>
  webrtc.webRTC({ rtcConfiguration: () => ({ iceServers: stun().map((urls) => ({ urls })) }) })
