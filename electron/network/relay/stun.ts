import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { multiaddr } from '@multiformats/multiaddr'
import type { Clock } from '../../kernel/clock.ts'

/** RFC 8489 §5: type, length of what follows, cookie, transaction id. */
const HEADER_BYTES = 20
const MAGIC_COOKIE = 0x2112a442
const BINDING_REQUEST = 0x0001
const BINDING_SUCCESS = 0x0101
const XOR_MAPPED_ADDRESS = 0x0020
/** A request that asks for nothing else has no more than this, and an answer is not much longer than what it answers. */
const MAX_REQUEST_BYTES = 512
/** Of all together: whoever forges senders cannot make much of it. */
const ANSWERS_A_SECOND = 500

/**
 * The answer to a Binding request (RFC 8489 §6.3): from where it seems to come. Null for anything else, which is left unanswered. Nobody
 * is asked who they are: it tells them nothing but their own address.
 */
export function bindingAnswer(request: Uint8Array, from: { address: string; port: number }): Uint8Array | null {
  const view = new DataView(request.buffer, request.byteOffset, request.length)
  if (request.length < HEADER_BYTES || request.length > MAX_REQUEST_BYTES) return null
  if (view.getUint16(0) !== BINDING_REQUEST || view.getUint16(2) !== request.length - HEADER_BYTES) return null
  if (view.getUint32(4) !== MAGIC_COOKIE || request.length % 4 !== 0) return null
  const isV6 = isIPv6(from.address)
  const [host = ''] = from.address.split('%')
  const address = multiaddr(`/${isV6 ? 'ip6' : 'ip4'}/${host}`).bytes.subarray(1)
  const answer = new Uint8Array(HEADER_BYTES + 8 + address.length)
  const out = new DataView(answer.buffer)
  out.setUint16(0, BINDING_SUCCESS)
  out.setUint16(2, answer.length - HEADER_BYTES)
  // Cookie and transaction id, by which it is known as the answer and with which address and port are masked (§14.2).
  const mask = request.subarray(4, HEADER_BYTES)
  answer.set(mask, 4)
  out.setUint16(HEADER_BYTES, XOR_MAPPED_ADDRESS)
  out.setUint16(HEADER_BYTES + 2, 4 + address.length)
  out.setUint8(HEADER_BYTES + 5, isV6 ? 2 : 1)
  out.setUint16(HEADER_BYTES + 6, from.port ^ (MAGIC_COOKIE >>> 16))
  for (const [i, byte] of address.entries()) answer[HEADER_BYTES + 8 + i] = byte ^ (mask[i] ?? 0)
  return answer
}

/**
 * Tells whoever asks by UDP on this address from where they seem to come, which is how WebRTC finds a way through two routers. Null where
 * the port is taken: a relay without it relays all the same.
 */
export async function serveStun(clock: Clock, { host, port }: { host: string; port: number }): Promise<{ stop(): Promise<void> } | null> {
  const socket = isIPv6(host) ? createSocket({ type: 'udp6', ipv6Only: true }) : createSocket('udp4')
  socket.bind(port, host)
  try {
    await once(socket, 'listening')
  } catch {
    socket.close()
    return null
  }
  answerOn(socket, clock)
  return {
    stop: async () => {
      const closed = once(socket, 'close')
      socket.close()
      await closed
    },
  }
}

/** Nothing that a datagram brings ends the relay: what cannot be sent is asked for again. */
export function answerOn(socket: Socket, clock: Clock): void {
  const giveUp = (): void => undefined
  let second = 0
  let answered = 0
  socket.on('message', (request, from) => {
    // "No port" (RFC 768): whoever has raw sockets can send from there, and nobody can send back.
    if (from.port === 0) return
    const now = Math.floor(clock.now() / 1_000)
    if (now !== second) [second, answered] = [now, 0]
    try {
      const reply = answered < ANSWERS_A_SECOND ? bindingAnswer(request, from) : null
      if (reply === null) return
      answered += 1
      socket.send(reply, from.port, from.address, giveUp)
    } catch {
      giveUp()
    }
  })
  // Such as a host that is not there any more, told by its router.
  socket.on('error', giveUp)
}
