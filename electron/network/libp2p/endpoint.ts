import * as z from 'zod'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { Redacted } from '../../kernel/redacted.ts'

/**
 * What must stay the same for our addresses to stay the same: the ports, and the certificate whose hash is part of a
 * WebRTC-direct address. Secret, for it holds the certificate's key; the caller keeps it as bytes it need not understand.
 */
export interface Endpoint {
  tcpPort: number
  webrtc: { port: number; certificate: Certificate } | null
}

/** PEM of an ECDSA P-256 key and of a certificate it signed itself, and the certificate's multihash in base64url. */
export interface Certificate {
  privateKey: string
  pem: string
  certhash: string
}

const port = z.number().int().min(0).max(65535)
const text = z.string().min(1).max(4096)
const schema = z.strictObject({
  version: z.literal(1),
  tcpPort: port,
  webrtc: z.strictObject({ port, certificate: z.strictObject({ privateKey: text, pem: text, certhash: text }) }).nullable(),
})

export const encodeEndpoint = (endpoint: Endpoint): Redacted<Uint8Array> => new Redacted(toCbor({ version: 1, ...endpoint }))

/** Null for anything that is not an endpoint: the network then starts on ports of its choice. */
export function decodeEndpoint(encoded: Redacted<Uint8Array>): Endpoint | null {
  const decoded = fromCbor(encoded.reveal(), schema)
  return decoded === null ? null : { tcpPort: decoded.tcpPort, webrtc: decoded.webrtc }
}
