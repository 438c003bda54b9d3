import { X509Certificate, createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toCbor } from '../../kernel/cbor.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { systemRandom } from '../../kernel/random.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { decodeEndpoint, encodeEndpoint, type Endpoint } from './endpoint.ts'
import { loadWebRTC } from './webrtc.ts'

const endpoint: Endpoint = { tcpPort: 4001, webrtc: { port: 4002, certificate: { privateKey: 'key', pem: 'pem', certhash: 'hash' } } }

describe('an endpoint', () => {
  it('comes back unchanged and does not show itself', () => {
    expect(decodeEndpoint(encodeEndpoint(endpoint))).toEqual(endpoint)
    expect(decodeEndpoint(encodeEndpoint({ ...endpoint, webrtc: null }))).toEqual({ tcpPort: 4001, webrtc: null })
    expect(String(encodeEndpoint(endpoint))).toBe('[redacted]')
  })

  it.each([
    new Uint8Array(),
    Uint8Array.of(1, 2, 3),
    toCbor({}),
    toCbor({ version: 2, ...endpoint }),
    toCbor({ version: 1, ...endpoint, tcpPort: 70_000 }),
  ])('that cannot be read is none', (bytes) => {
    expect(decodeEndpoint(new Redacted(bytes))).toBeNull()
  })
})

describe('WebRTC', () => {
  it('has a certificate that is valid, ours and named by its hash', async () => {
    await loadWebRTC(silentLogger)
    const { createCertificate } = await import('./certificate.ts')
    const now = Date.UTC(2026, 0, 2)
    const made = await createCertificate(now, systemRandom)
    const certificate = new X509Certificate(made.pem)
    expect(certificate.verify(createPublicKey(made.privateKey))).toBe(true)
    expect(Date.parse(certificate.validFrom)).toBe(now)
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(now + 9 * 365 * 86_400_000)
    const multihash = Buffer.from(made.certhash.slice(1), 'base64url')
    expect(multihash.subarray(0, 2)).toEqual(Buffer.of(0x12, 32))
    expect(multihash.subarray(2).toString('hex').toUpperCase()).toBe(certificate.fingerprint256.replaceAll(':', ''))
    expect(certificate.subject).toBe('CN=spacepanda')
  })

  it('that cannot be loaded is done without, and said so', async () => {
    const said: string[] = []
    const logger = { ...silentLogger, warn: (event: string) => void said.push(event) }
    expect(await loadWebRTC(logger, () => Promise.reject(new Error('no binary for this machine')))).toBeNull()
    expect(said).toEqual(['webrtc-unavailable'])
  })
})
