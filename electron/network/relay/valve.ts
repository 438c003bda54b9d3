/** A stream whose reading can be held. */
export interface Throttled {
  /** Closed on its own where the other end said all it had to say, while the stream is open still: then libp2p throws at both of these. */
  readonly readStatus: string
  pause(): void
  resume(): void
  abort(error: Error): void
}

/** Why a stream is not read: its peer sends too much, or the far end does not take what it sent. */
export type HeldFor = 'rate' | 'unsent'

/** Holds the reading of a stream for as long as there is a reason. Never throws: it is called in timers and by events. */
export class Valve {
  readonly #stream: Throttled
  readonly #changed: () => void
  readonly #reasons = new Set<HeldFor>()
  #opening = false
  #ended = false

  /** `changed`: it is held now, or no longer. */
  constructor(stream: Throttled, changed: () => void) {
    this.#stream = stream
    this.#changed = changed
  }

  get isHeld(): boolean {
    return this.#reasons.size > 0
  }

  /** False where there is nothing to hold any more. */
  hold(reason: HeldFor): boolean {
    if (this.#ended || this.#stream.readStatus === 'closed') return false
    this.#reasons.add(reason)
    this.#follow()
    return true
  }

  release(reason: HeldFor): void {
    if (this.#reasons.delete(reason)) this.#follow()
  }

  /** Lets through what is there, and holds nothing from now on. */
  end(): void {
    this.#ended = true
    this.#reasons.clear()
    this.#follow()
  }

  abort(error: Error): void {
    this.#stream.abort(error)
  }

  #follow(): void {
    // `resume` hands out what was kept, which may be a reason to hold again; but it has the sender go on once that is done, held or not.
    if (this.#opening) return
    const { readStatus } = this.#stream
    try {
      if (this.isHeld && readStatus === 'readable') this.#stream.pause()
      if (!this.isHeld && readStatus === 'paused') this.#open()
    } catch (thrown) {
      this.#stream.abort(thrown instanceof Error ? thrown : new Error('cannot be read on'))
    }
    this.#changed()
  }

  #open(): void {
    this.#opening = true
    try {
      this.#stream.resume()
    } finally {
      this.#opening = false
    }
    if (this.isHeld && this.#stream.readStatus === 'readable') this.#stream.pause()
  }
}
