import { MAX_FRAME_BYTES } from './constants.ts'
import type { Offence } from './offence.ts'

/**
 * A frame: length of the rest (u32, big endian), kind (u8), request id (u32), body.
 * A message that fits is one `request` or `response`; a larger one is a `-begin` (body: u32 total, then bytes) and `-chunk`s.
 */
export type FrameKind = keyof typeof KIND_CODES

export interface Frame {
  kind: FrameKind
  id: number
  body: Uint8Array
}

const KIND_CODES = {
  request: 1,
  'request-begin': 2,
  'request-chunk': 3,
  response: 4,
  'response-begin': 5,
  'response-chunk': 6,
  refusal: 7,
} as const

const KINDS = new Map<number, FrameKind>(Object.entries(KIND_CODES).map(([kind, code]) => [code, kind as FrameKind]))

const LENGTH_BYTES = 4
export const HEADER_BYTES = LENGTH_BYTES + 1 + 4
const WORTH_A_PART_BYTES = 4 * 1024

/** What a peer sent does not follow the rules of frames. The stream it came on is reset. */
export class FrameError extends Error {
  override readonly name = 'FrameError'
  readonly offence: Offence | null

  /** `offence`: null where an honest peer may have been unlucky. */
  constructor(message: string, offence: Offence | null = 'frame') {
    super(message)
    this.offence = offence
  }
}

export function encodeFrame(frame: Frame): Uint8Array {
  const bytes = withHeader(frame, HEADER_BYTES + frame.body.length)
  bytes.set(frame.body, HEADER_BYTES)
  return bytes
}

/** The same in parts, so that no body is copied that is larger than what it costs to send one part more. */
export const frameParts = (frame: Frame): Uint8Array[] =>
  frame.body.length < WORTH_A_PART_BYTES ? [encodeFrame(frame)] : [withHeader(frame, HEADER_BYTES), frame.body]

/** Room for so many bytes, of which the first are the header of this frame. Throws `RangeError` on one too large. */
function withHeader({ kind, id, body }: Frame, room: number): Uint8Array {
  const size = HEADER_BYTES + body.length
  if (size > MAX_FRAME_BYTES) throw new RangeError('frame too large')
  const bytes = new Uint8Array(room)
  const view = viewOf(bytes)
  view.setUint32(0, size - LENGTH_BYTES)
  view.setUint8(LENGTH_BYTES, KIND_CODES[kind])
  view.setUint32(LENGTH_BYTES + 1, id)
  return bytes
}

/** Cuts a stream of bytes into frames. Holds at most one frame, and copies each byte at most once however small the pieces come. */
export class FrameDecoder {
  /** The frame being filled: its header first, then room for all of it. */
  #buffer = new Uint8Array(HEADER_BYTES)
  #filled = 0

  /** True between the first byte of a frame and its last. */
  get partial(): boolean {
    return this.#filled > 0
  }

  /** The frames that end in `bytes`. Throws `FrameError` on one too large, too small or of no known kind. */
  push(bytes: Uint8Array): Frame[] {
    const frames: Frame[] = []
    let rest = bytes
    while (rest.length > 0) {
      if (this.#filled === 0 && rest.length >= HEADER_BYTES) {
        const size = frameSize(rest)
        if (rest.length >= size) {
          frames.push(toFrame(rest.subarray(0, size)))
          rest = rest.subarray(size)
          continue
        }
      }
      rest = this.#fill(rest, frames)
    }
    return frames
  }

  #fill(bytes: Uint8Array, frames: Frame[]): Uint8Array {
    const taken = bytes.subarray(0, this.#buffer.length - this.#filled)
    this.#buffer.set(taken, this.#filled)
    this.#filled += taken.length
    if (this.#filled === this.#buffer.length) {
      const size = frameSize(this.#buffer)
      if (size === this.#filled) {
        frames.push(toFrame(this.#buffer))
        this.#buffer = new Uint8Array(HEADER_BYTES)
        this.#filled = 0
      } else {
        const whole = new Uint8Array(size)
        whole.set(this.#buffer)
        this.#buffer = whole
      }
    }
    return bytes.subarray(taken.length)
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

function frameSize(header: Uint8Array): number {
  const size = LENGTH_BYTES + viewOf(header).getUint32(0)
  if (size < HEADER_BYTES || size > MAX_FRAME_BYTES) throw new FrameError('frame size')
  if (!KINDS.has(viewOf(header).getUint8(LENGTH_BYTES))) throw new FrameError('frame kind')
  return size
}

function toFrame(bytes: Uint8Array): Frame {
  const kind = KINDS.get(viewOf(bytes).getUint8(LENGTH_BYTES))
  if (kind === undefined) throw new FrameError('frame kind')
  return { kind, id: viewOf(bytes).getUint32(LENGTH_BYTES + 1), body: bytes.subarray(HEADER_BYTES) }
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
