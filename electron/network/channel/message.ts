import { MAX_CHUNK_BYTES } from './constants.ts'
import { FrameError, joinBytes, type Frame } from './frame.ts'
import type { Budget } from './read-budget.ts'

/** A whole message of a channel, put together of one frame or many. */
export type Message = { kind: 'request'; id: number; body: Uint8Array } | { kind: 'response'; id: number; body: Uint8Array } | Refusal

export interface Refusal {
  kind: 'refusal'
  id: number
  code: RefusalCode
}

/** `not-shared` is what a peer hears about every group it has not proven, whether it exists here or not. */
export type RefusalCode = 'not-shared' | 'failed' | 'crossed'
const REFUSALS: readonly RefusalCode[] = ['not-shared', 'failed', 'crossed']

const TOTAL_BYTES = 4
/** A begun message says how long it will be in its first frame. */
const FIRST_CHUNK_BYTES = MAX_CHUNK_BYTES - TOTAL_BYTES

/** The frames of a message, in order. */
export function* toFrames(message: Message): Generator<Frame> {
  const { id } = message
  if (message.kind === 'refusal') {
    yield { kind: 'refusal', id, body: Uint8Array.of(REFUSALS.indexOf(message.code)) }
    return
  }
  const { kind, body } = message
  if (body.length <= MAX_CHUNK_BYTES) {
    yield { kind, id, body }
    return
  }
  const first = new Uint8Array(MAX_CHUNK_BYTES)
  new DataView(first.buffer).setUint32(0, body.length)
  first.set(body.subarray(0, FIRST_CHUNK_BYTES), TOTAL_BYTES)
  yield { kind: `${kind}-begin`, id, body: first }
  for (let at = FIRST_CHUNK_BYTES; at < body.length; at += MAX_CHUNK_BYTES) {
    yield { kind: `${kind}-chunk`, id, body: body.subarray(at, at + MAX_CHUNK_BYTES) }
  }
}

interface Assembly {
  kind: 'request' | 'response'
  id: number
  total: number
  size: number
  parts: Uint8Array[]
}

/**
 * Puts frames together into messages: one begun message at a time, none above `maxBytes`, and nothing kept
 * that `budget` has no room for. Every violation throws `FrameError`.
 */
export class Assembler {
  #open: Assembly | null = null
  readonly #maxBytes: number
  readonly #budget: Budget

  constructor(maxBytes: number, budget: Budget) {
    this.#maxBytes = maxBytes
    this.#budget = budget
  }

  /** True while a message is begun and not ended. */
  get partial(): boolean {
    return this.#open !== null
  }

  push(frame: Frame): Message | null {
    switch (frame.kind) {
      case 'request':
      case 'response':
        if (frame.body.length > Math.min(this.#maxBytes, MAX_CHUNK_BYTES)) throw new FrameError('message size')
        return { kind: frame.kind, id: frame.id, body: frame.body }
      case 'refusal':
        return { kind: 'refusal', id: frame.id, code: refusalOf(frame.body) }
      case 'request-begin':
        return this.#begin('request', frame)
      case 'response-begin':
        return this.#begin('response', frame)
      case 'request-chunk':
        return this.#chunk('request', frame)
      case 'response-chunk':
        return this.#chunk('response', frame)
    }
  }

  /** Gives back what a message that will never end has taken of the budget. */
  dispose(): void {
    if (this.#open !== null) this.#budget.release(this.#open.size)
    this.#open = null
  }

  #begin(kind: 'request' | 'response', frame: Frame): null {
    if (this.#open !== null) throw new FrameError('two begun messages')
    if (frame.body.length !== MAX_CHUNK_BYTES) throw new FrameError('first chunk')
    const total = new DataView(frame.body.buffer, frame.body.byteOffset).getUint32(0)
    if (total <= MAX_CHUNK_BYTES || total > this.#maxBytes) throw new FrameError('message size')
    this.#open = { kind, id: frame.id, total, size: 0, parts: [] }
    this.#add(this.#open, frame.body.subarray(TOTAL_BYTES))
    return null
  }

  #chunk(kind: 'request' | 'response', frame: Frame): Message | null {
    const open = this.#open
    if (open === null || open.id !== frame.id || open.kind !== kind) throw new FrameError('chunk without beginning')
    // All chunks but the last are full: a message cannot be stretched over more frames than it needs.
    if (frame.body.length !== Math.min(MAX_CHUNK_BYTES, open.total - open.size)) throw new FrameError('chunk size')
    this.#add(open, frame.body)
    if (open.size < open.total) return null
    this.dispose()
    return { kind, id: open.id, body: joinBytes(open.parts) }
  }

  #add(open: Assembly, part: Uint8Array): void {
    const isFlood = this.#budget.isBeyondShare(part.length)
    if (!this.#budget.take(part.length)) throw new FrameError('read buffers full', isFlood ? 'flood' : null)
    open.parts.push(part)
    open.size += part.length
  }
}

function refusalOf(body: Uint8Array): RefusalCode {
  const code = body.length === 1 ? REFUSALS[body[0] ?? REFUSALS.length] : undefined
  if (code === undefined) throw new FrameError('refusal')
  return code
}
