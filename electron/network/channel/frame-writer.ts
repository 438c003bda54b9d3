import type { Clock } from '../../kernel/clock.ts'
import { Serial } from '../../kernel/serial.ts'
import type { ByteDuplex } from './byte-duplex.ts'
import { MAX_CHUNK_BYTES, WRITE_DEADLINE_MS, WRITE_HIGH_WATER_BYTES } from './constants.ts'
import { frameParts } from './frame.ts'
import { toFrames, type Message } from './message.ts'

/**
 * Writes messages as frames. What is written first leaves at once: most messages come alone, and what else this turn has to do is
 * nothing that they need to wait for. Whatever follows in the same turn of the event loop leaves in one send (PERFORMANCE.md: 291,000
 * small messages a second against 25,800); a large message goes chunk by chunk, with small ones between.
 */
export class FrameWriter {
  readonly #duplex: ByteDuplex
  readonly #clock: Clock
  readonly #large = new Serial()
  #queue: Uint8Array[] = []
  #queued = 0
  /** What to call once all that is in the queue was handed to the stream. */
  #handing: (() => void)[] = []
  #state: 'idle' | 'scheduled' | 'blocked' | 'closed' = 'idle'
  #waiters: (() => void)[] = []

  constructor(duplex: ByteDuplex, clock: Clock) {
    this.#duplex = duplex
    this.#clock = clock
    duplex.onClose(() => this.#close())
  }

  /** `handed`: called as the last of it goes to the stream; never if the stream closes before. */
  write(message: Message, handed?: () => void): void {
    if (message.kind !== 'refusal' && message.body.length > MAX_CHUNK_BYTES) {
      void this.#large.run(() => this.#writeLarge(message, handed))
      return
    }
    for (const frame of toFrames(message)) this.#enqueue(frameParts(frame), handed)
  }

  /** Resolves when everything written so far was handed to the stream, or the stream closed. */
  async flushed(): Promise<void> {
    await this.#large.idle()
    await this.#below(1)
  }

  async #writeLarge(message: Message, handed?: () => void): Promise<void> {
    const frames = [...toFrames(message)]
    for (const frame of frames) {
      if (this.#state === 'closed') return
      this.#enqueue(frameParts(frame), frame === frames.at(-1) ? handed : undefined)
      await this.#below(WRITE_HIGH_WATER_BYTES)
    }
  }

  #enqueue(parts: readonly Uint8Array[], handed?: () => void): void {
    if (this.#state === 'closed') return
    this.#queue.push(...parts)
    for (const part of parts) this.#queued += part.length
    if (handed !== undefined) this.#handing.push(handed)
    if (this.#state !== 'idle') return
    this.#state = 'scheduled'
    this.#flush()
  }

  #flush(): void {
    if (this.#state !== 'scheduled') return
    if (this.#queued === 0) {
      this.#state = 'idle'
      return
    }
    const [parts, handing] = [this.#queue, this.#handing]
    this.#queue = []
    this.#queued = 0
    this.#handing = []
    for (const handed of handing) handed()
    setImmediate(() => this.#flush())
    let more: boolean
    try {
      more = this.#duplex.send(parts)
    } catch {
      this.#duplex.reset('write failed')
      return
    }
    if (!more) void this.#untilDrained()
    this.#wake()
  }

  async #untilDrained(): Promise<void> {
    this.#state = 'blocked'
    const cancel = this.#clock.after(WRITE_DEADLINE_MS, () => this.#duplex.reset('slow reader'))
    try {
      await this.#duplex.drained()
      this.#resume()
    } catch {
      this.#duplex.reset('closed while draining')
    } finally {
      cancel()
    }
  }

  #resume(): void {
    if (this.#state !== 'blocked') return
    this.#state = this.#queued > 0 ? 'scheduled' : 'idle'
    if (this.#state === 'scheduled') this.#flush()
    else this.#wake()
  }

  async #below(bytes: number): Promise<void> {
    while (this.#state !== 'closed' && (this.#queued >= bytes || this.#state === 'blocked')) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve))
    }
  }

  #wake(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }

  #close(): void {
    this.#state = 'closed'
    this.#queue = []
    this.#queued = 0
    this.#handing = []
    this.#wake()
  }
}
