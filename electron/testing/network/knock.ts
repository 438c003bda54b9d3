import { systemRandom } from '../../kernel/random.ts'

const USERNAME = 0x0006
const MESSAGE_INTEGRITY = 0x0008
const MAGIC_COOKIE = 0x2112a442

const attribute = (type: number, value: Buffer): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(value.length, 2)
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)])
}

/** A STUN binding request (RFC 8489) of somebody new, as the dialer of a WebRTC-direct address sends it. */
export const knock = (): Buffer => {
  const name = `libp2p+webrtc+v1/${Buffer.from(systemRandom.bytes(16)).toString('hex')}`
  const body = Buffer.concat([attribute(USERNAME, Buffer.from(`${name}:${name}`)), attribute(MESSAGE_INTEGRITY, Buffer.alloc(20, 7))])
  const head = Buffer.alloc(20)
  head.writeUInt16BE(1, 0)
  head.writeUInt16BE(body.length, 2)
  head.writeUInt32BE(MAGIC_COOKIE, 4)
  Buffer.from(systemRandom.bytes(12)).copy(head, 8)
  return Buffer.concat([head, body])
}
