import { mkdirSync } from 'node:fs'
import { streamWith } from '../processes/command-line.ts'
import type { Stream } from '../processes/command-line.ts'

/** A real `relay --mailbox`, which keeps its key, its port and what it holds when it starts again. */
export class RelayProcess {
  readonly #folder: string
  #running: Stream | null = null
  #standing: 'down' | 'between' | 'up' = 'down'
  #address = ''
  #port = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  get isUp(): boolean {
    return this.#standing === 'up'
  }

  get isDown(): boolean {
    return this.#standing === 'down'
  }

  /** By which people choose it. */
  get address(): string {
    return this.#address
  }

  get port(): number {
    return this.#port
  }

  async start(): Promise<void> {
    this.#standing = 'between'
    mkdirSync(this.#folder, { recursive: true })
    const listen = `/ip4/127.0.0.1/tcp/${this.#port}`
    this.#running = streamWith({}, this.#folder, 'relay', '--mailbox', '--private-network', '--listen', listen)
    const ready = await this.#running.next(({ event }) => event === 'ready')
    const [address] = (ready['addresses'] as string[]).filter((each) => each.startsWith('/ip4/127.0.0.1/tcp/'))
    if (address === undefined) throw new Error('a relay that listens has an address')
    this.#address = address
    this.#port = Number(/tcp\/(\d+)/.exec(address)?.[1])
    this.#standing = 'up'
  }

  async halt(signal: NodeJS.Signals): Promise<void> {
    this.#standing = 'between'
    await this.#running?.stop(signal)
    this.#running = null
    this.#standing = 'down'
  }
}
