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

export const webRTCDirect = (webrtc: WebRTC, certificate: Certificate): ReturnType<WebRTC['webRTCDirect']> =>
  webrtc.webRTCDirect({ certificate } satisfies WebRTCTransportDirectInit)

/**
 * WebRTC that a relay introduces. `stun`: the servers to ask from where one seems to come, read for each connection. Never the usual
 * ones, which belong to strangers who would learn of every connection: a relay sees all that anyway.
 */
export const webRTCIntroduced = (webrtc: WebRTC, stun: () => readonly string[]): ReturnType<WebRTC['webRTC']> =>
  webrtc.webRTC({ rtcConfiguration: () => ({ iceServers: stun().map((urls) => ({ urls })) }) })
