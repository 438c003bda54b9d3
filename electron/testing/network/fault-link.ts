import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Dice } from '../crash/dice.ts'
import type { FaultCounts, Faults } from './fault-proxy.ts'

/** What a link asks of the proxy it belongs to. */
export interface LinkHost {
  readonly faults: Faults
  readonly counts: FaultCounts
  readonly dice: Dice
  note(line: string): void
  passing(): Promise<void>
}

/** One connection through the proxy: two sockets, and a piece at a time of each direction on its way between them. */
export class FaultLink {
  /** Resolves when both sockets are gone. */
  readonly closed: Promise<void>
  readonly #host: LinkHost
  readonly #id: number
  readonly #sockets: Socket[] = []
  readonly #over = new AbortController()
  #ending = false
  #markClosed: () => void = () => undefined

  constructor(host: LinkHost, id: number, client: Socket) {
    this.#host = host
    this.#id = id
    this.closed = new Promise((resolve) => {
      this.#markClosed = resolve
    })
    this.#own(client)
    client.pause()
  }

  /** Opens the other half, once bytes may pass at all. */
  async connect({ host, port }: { host: string; port: () => number }): Promise<void> {
    const [client] = this.#sockets
    await this.#host.passing()
    if (this.#over.signal.aborted || client === undefined) return
    const upstream = connect({ host, port: port(), allowHalfOpen: true, noDelay: true })
    this.#own(upstream)
    upstream.pause()
    try {
      await once(upstream, 'connect', { signal: this.#over.signal })
    } catch {
      // nobody is there: the caller is told as the system would tell it
      await this.reset('nobody there')
      return
    }
    void this.#carry(client, upstream)
    void this.#carry(upstream, client)
  }

  /** Both ends see a reset, and what was on its way is lost. */
  async reset(why: string): Promise<void> {
    if (!this.#over.signal.aborted) {
      this.#host.counts.reset += 1
      this.#host.note(`${this.#id} reset: ${why}`)
      this.#over.abort()
      for (const socket of this.#sockets) breakOff(socket)
    }
    await this.closed
  }

  /** Both ends see an orderly end, after what was on its way. */
  end(): void {
    if (this.#ending || this.#over.signal.aborted) return
    this.#ending = true
    this.#host.counts.ended += 1
    this.#host.note(`${this.#id} ended`)
    for (const socket of this.#sockets) socket.destroySoon()
  }

  #own(socket: Socket): void {
    this.#sockets.push(socket)
    socket.on('error', () => undefined)
    socket.on('close', (hadError) => {
      const open = this.#sockets.filter((each) => !each.closed && each !== socket)
      // a reset of one end is one for the other; an orderly end reaches it after what was under way
      if (hadError && !this.#ending) for (const other of open) breakOff(other)
      if (open.length > 0) return
      this.#over.abort()
      this.#markClosed()
    })
  }

  async #carry(from: Socket, to: Socket): Promise<void> {
    try {
      for await (const chunk of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        const piece = await this.#suffer(chunk)
        if (piece === null) return
        if (to.writable && !to.write(piece)) await once(to, 'drain', { signal: this.#over.signal })
      }
      await this.#host.passing()
      to.end()
    } catch {
      // one end broke off, or the link is over: the sockets know, and tell each other when they close
      from.destroy()
      to.destroy()
    }
  }

  /** What arrives of a piece, when it does. Null: the link is over. */
  async #suffer(chunk: Buffer): Promise<Buffer | null> {
    const { dice, counts, faults } = this.#host
    await this.#host.passing()
    if (dice.chance(faults.reset)) {
      void this.reset('by chance')
      return null
    }
    const [low, high] = faults.delayMs
    const transfer = faults.bytesPerSecond === null ? 0 : (chunk.length * 1_000) / faults.bytesPerSecond
    const wait = dice.between(low, high) + transfer
    if (wait > 0) await sleep(wait, undefined, { signal: this.#over.signal })
    await this.#host.passing()
    if (this.#over.signal.aborted) return null
    counts.bytes += chunk.length
    if (dice.chance(faults.corrupt)) {
      const at = dice.between(0, chunk.length - 1)
      chunk[at] = (chunk[at] ?? 0) ^ (1 << dice.between(0, 7))
      counts.corrupted += 1
      this.#host.note(`${this.#id} corrupted`)
    }
    return chunk
  }
}

/** libuv resets nothing that is being shut down, and Node never says then that the socket is closed. */
const breakOff = (socket: Socket): void => {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}
