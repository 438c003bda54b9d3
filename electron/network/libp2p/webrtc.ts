import { createHash } from 'node:crypto'
import type { WebRTCTransportDirectInit } from '@libp2p/webrtc'
import { faultName, type Logger } from '../../kernel/logger.ts'
import type { Random } from '../../kernel/random.ts'
import { toHex } from '../../kernel/bytes.ts'
import type { Certificate } from './endpoint.ts'

type WebRTC = typeof import('@libp2p/webrtc')

/** Peers check the hash, not the dates, and addresses that carry the hash should outlive any session. */
const CERTIFICATE_YEARS = 10

/**
 * Loads WebRTC and with it the native node-datachannel: later than the rest, as it takes long, and in a way that
 * lets a machine without a working binary go on with TCP alone. Null then.
 */
export async function loadWebRTC(logger: Logger): Promise<WebRTC | null> {
  try {
    return await import('@libp2p/webrtc')
  } catch (thrown) {
    logger.warn('webrtc-unavailable', { fault: faultName(thrown) })
    return null
  }
}

export const webRTCDirect = (webrtc: WebRTC, certificate: Certificate): ReturnType<WebRTC['webRTCDirect']> =>
  webrtc.webRTCDirect({ certificate } satisfies WebRTCTransportDirectInit)

/** A certificate to use from now on. Its hash is in our WebRTC-direct addresses, so a new one at each start would spoil them all. */
export async function createCertificate(now: number, random: Random): Promise<Certificate> {
  // Loaded after @libp2p/webrtc, which brings the reflection its decorators need.
  const { BasicConstraintsExtension, X509CertificateGenerator } = await import('@peculiar/x509')
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  const notBefore = new Date(now)
  notBefore.setMilliseconds(0)
  const notAfter = new Date(notBefore)
  notAfter.setFullYear(notAfter.getFullYear() + CERTIFICATE_YEARS)
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: toHex(random.bytes(8)),
      name: 'CN=spacepanda',
      notBefore,
      notAfter,
      keys,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
      extensions: [new BasicConstraintsExtension(false, undefined, true)],
    },
    crypto,
  )
  return {
    privateKey: toPem('PRIVATE KEY', new Uint8Array(await crypto.subtle.exportKey('pkcs8', keys.privateKey))),
    pem: certificate.toString('pem'),
    certhash: certhashOf(new Uint8Array(certificate.rawData)),
  }
}

/** Multibase base64url of the multihash SHA-256, as multiaddrs carry it. */
function certhashOf(der: Uint8Array): string {
  const SHA2_256 = [0x12, 32]
  const multihash = Buffer.concat([Uint8Array.from(SHA2_256), createHash('sha256').update(der).digest()])
  return `u${multihash.toString('base64url')}`
}

function toPem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n')
}
