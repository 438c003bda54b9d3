import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { seededDice } from '../crash/dice.ts'
import type { Dice } from '../crash/dice.ts'
import { FaultLink } from './fault-link.ts'
import type { LinkHost } from './fault-link.ts'

/**
 * Stands between two programs that speak TCP on this machine, and does to their connections what networks do. All it does by
 * chance it does by its seed; what TCP makes of one write, and so how many chances there are, is the system's.
 */
export interface FaultProxy {
  /** Where it listens, on 127.0.0.1. */
  readonly port: number
  /** What it did so far. */
  readonly counts: Readonly<FaultCounts>
  /** The same as lines, in order: what, and for which connection. */
  readonly log: readonly string[]
  /** What happens to bytes from now on, on open connections too. Unnamed faults stay as they are. */
  set(faults: Partial<Faults>): void
  /**
   * `carry`: as `faults` say. `stall`: nothing passes, and neither end is told; new connections are accepted and lead nowhere; all of it
   * goes on when carried again. `refuse`: open connections are reset and new ones are too, as if nobody were there.
   */
  mode(mode: ProxyMode): void
  /** Ends what is open now: `reset` (RST) at once, `end` (FIN) after what was under way has arrived. */
  cut(how: 'reset' | 'end'): void
  start(): Promise<void>
  /** Leaves no socket and no timer. */
  stop(): Promise<void>
}

export type ProxyMode = 'carry' | 'stall' | 'refuse'

export interface Faults {
  /** Each piece waits for so long, between the two; order is kept. */
  delayMs: readonly [low: number, high: number]
  /** Of one direction of one connection; null: as fast as it goes. */
  bytesPerSecond: number | null
  /** For each piece: the chance that one of its bits is turned. */
  corrupt: number
  /** For each piece: the chance that the connection is reset instead. */
  reset: number
  /** For each new connection: the chance that it is accepted and leads nowhere, for as long as it lasts. */
  swallow: number
}

export const NO_FAULTS: Faults = { delayMs: [0, 0], bytesPerSecond: null, corrupt: 0, reset: 0, swallow: 0 }

export interface FaultCounts {
  accepted: number
  refused: number
  swallowed: number
  /** Connections ended by us, one way or the other. */
  reset: number
  ended: number
  corrupted: number
  bytes: number
}

export interface FaultProxyOptions {
  seed: number
  /** Asked for each connection: who is behind may move. */
  target: () => number
  /** 0: any. */
  port?: number
  faults?: Partial<Faults>
}

const LOOPBACK = '127.0.0.1'
/** What a test prints of it when it fails. */
const LOG_LINES = 2_000

export function createFaultProxy(options: FaultProxyOptions): FaultProxy {
  return new LoopbackProxy(options)
}

class LoopbackProxy implements FaultProxy, LinkHost {
  readonly counts: FaultCounts = { accepted: 0, refused: 0, swallowed: 0, reset: 0, ended: 0, corrupted: 0, bytes: 0 }
  readonly log: string[] = []
  readonly dice: Dice
  readonly #options: FaultProxyOptions
  readonly #server: Server
  readonly #links = new Set<FaultLink>()
  readonly #waiting: (() => void)[] = []
  #faults: Faults
  #mode: ProxyMode = 'carry'
  #nextId = 1

  constructor(options: FaultProxyOptions) {
    this.#options = options
    this.#faults = { ...NO_FAULTS, ...options.faults }
    this.dice = seededDice(options.seed)
    // a FIN of one end is carried to the other, which may still have something to say
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket))
  }

  get port(): number {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('the proxy does not listen')
    return address.port
  }

  get faults(): Faults {
    return this.#faults
  }

  async start(): Promise<void> {
    this.#server.listen(this.#options.port ?? 0, LOOPBACK)
    await once(this.#server, 'listening')
  }

  async stop(): Promise<void> {
    this.#wake()
    const closed = [...this.#links].map((link) => link.reset('stopped'))
    if (this.#server.listening) {
      this.#server.close()
      await once(this.#server, 'close')
    }
    await Promise.all(closed)
  }

  set(faults: Partial<Faults>): void {
    this.#faults = { ...this.#faults, ...faults }
  }

  mode(mode: ProxyMode): void {
    this.note(`mode ${mode}`)
    this.#mode = mode
    if (mode === 'refuse') this.cut('reset')
    if (mode !== 'stall') this.#wake()
  }

  cut(how: 'reset' | 'end'): void {
    for (const link of this.#links) {
      if (how === 'end') link.end()
      else void link.reset('cut')
    }
  }

  note(line: string): void {
    if (this.log.length < LOG_LINES) this.log.push(line)
  }

  /** Resolves when bytes may pass. */
  async passing(): Promise<void> {
    while (this.#mode === 'stall') await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  #accept(socket: Socket): void {
    const id = this.#nextId++
    if (this.#mode === 'refuse') {
      this.counts.refused += 1
      this.note(`${id} refused`)
      socket.on('error', () => undefined)
      socket.resetAndDestroy()
      return
    }
    const swallowed = this.dice.chance(this.#faults.swallow)
    this.counts[swallowed ? 'swallowed' : 'accepted'] += 1
    this.note(`${id} ${swallowed ? 'swallowed' : 'accepted'}`)
    const link = new FaultLink(this, id, socket)
    this.#links.add(link)
    void link.closed.then(() => this.#links.delete(link))
    if (!swallowed) void link.connect({ host: LOOPBACK, port: this.#options.target })
  }
}
