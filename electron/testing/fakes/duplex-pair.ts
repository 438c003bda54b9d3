import type { ByteDuplex } from '../../network/channel/byte-duplex.ts'

/** One end of a stream in memory, with what tests want to see and do. */
export interface DuplexEnd extends ByteDuplex {
  /** How often `send` was called. */
  readonly sends: number
  /** Why this end was reset from here; null if it was not. */
  readonly resetReason: string | null
  readonly closed: boolean
  /** From now on `send` keeps the bytes and says to wait, until `unblock`. */
  block(): void
  unblock(): void
}

/** Two ends; what one sends the other receives in a later microtask, as a copy. */
export function duplexPair(): [DuplexEnd, DuplexEnd] {
  const a = new End()
  const b = new End()
  a.other = b
  b.other = a
  return [a, b]
}

class End implements DuplexEnd {
  sends = 0
  resetReason: string | null = null
  closed = false
  other: End | null = null
  #listener: ((bytes: Uint8Array) => void) | null = null
  #early: Uint8Array[] = []
  #onClose: (() => void)[] = []
  #held: Uint8Array[] | null = null
  #drained: { resolve: () => void; reject: (thrown: unknown) => void }[] = []

  send(parts: readonly Uint8Array[]): boolean {
    if (this.closed) throw new Error('closed')
    this.sends += 1
    const bytes = new Uint8Array(Buffer.concat(parts))
    if (this.#held !== null) {
      this.#held.push(bytes)
      return false
    }
    this.#carry(bytes)
    return true
  }

  drained(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.closed) reject(new Error('closed'))
      else if (this.#held === null) resolve()
      else this.#drained.push({ resolve, reject })
    })
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#listener = listener
    for (const bytes of this.#early.splice(0)) queueMicrotask(() => this.deliver(bytes))
  }

  onClose(listener: () => void): void {
    if (this.closed) listener()
    else this.#onClose.push(listener)
  }

  close(): void {
    if (this.closed) return
    this.end()
    queueMicrotask(() => this.other?.end())
  }

  reset(reason: string): void {
    if (this.closed) return
    this.resetReason = reason
    this.close()
  }

  block(): void {
    this.#held ??= []
  }

  unblock(): void {
    const held = this.#held ?? []
    this.#held = null
    for (const bytes of held) this.#carry(bytes)
    for (const { resolve } of this.#drained.splice(0)) resolve()
  }

  #carry(bytes: Uint8Array): void {
    queueMicrotask(() => this.other?.deliver(bytes))
  }

  deliver(bytes: Uint8Array): void {
    if (this.closed) return
    if (this.#listener === null) this.#early.push(bytes)
    else this.#listener(bytes)
  }

  end(): void {
    if (this.closed) return
    this.closed = true
    for (const { reject } of this.#drained.splice(0)) reject(new Error('closed'))
    for (const listener of this.#onClose.splice(0)) listener()
  }
}
