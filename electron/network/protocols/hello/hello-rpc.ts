import type { Rpc } from '../rpc.ts'
import { HELLO_PROTOCOL, HELLO_STEP_MS, MAX_HELLO_BYTES } from './constants.ts'
import {
  decodeHelloRequest,
  decodeHelloResponse,
  encodeHelloRequest,
  encodeHelloResponse,
  type HelloRequest,
  type HelloResponse,
} from './messages.ts'

const RESPONSE_TO: Readonly<Record<HelloRequest['kind'], HelloResponse['kind']>> = { open: 'opened', tags: 'proofs', proofs: 'accepted' }

/** Two peers agree on a version and prove to each other the groups both are in, and show nothing of the others. */
export const helloRpc: Rpc<HelloRequest, HelloResponse> = {
  id: HELLO_PROTOCOL,
  limits: { requestBytes: MAX_HELLO_BYTES, responseBytes: MAX_HELLO_BYTES, responseMs: HELLO_STEP_MS },
  encodeRequest: encodeHelloRequest,
  decodeRequest: decodeHelloRequest,
  encodeResponse: encodeHelloResponse,
  decodeResponse: (body, request) => {
    const response = decodeHelloResponse(body)
    return response?.kind === RESPONSE_TO[request.kind] ? response : null
  },
}
