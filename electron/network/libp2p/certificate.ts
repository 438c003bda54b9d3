import { createHash } from 'node:crypto'
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509'
import { toHex } from '../../kernel/bytes.ts'
import type { Random } from '../../kernel/random.ts'
import type { Certificate } from './endpoint.ts'

// Import this file only dynamically and after @libp2p/webrtc, which brings the reflection that the certificate maker's
// decorators need. A file of its own, because a bundler loses the names of a CommonJS package imported dynamically.

/** Peers check the hash, not the dates, and addresses that carry the hash should outlive any session. */
const CERTIFICATE_YEARS = 10

/** A certificate to use from now on. Its hash is in our WebRTC-direct addresses, so a new one at each start would spoil them all. */
export async function createCertificate(now: number, random: Random): Promise<Certificate> {
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
