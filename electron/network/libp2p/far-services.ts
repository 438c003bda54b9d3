import { start, stop } from '@libp2p/interface'
import { faultName, type Logger } from '../../kernel/logger.ts'
import { Serial } from '../../kernel/serial.ts'
import type { NodeComponents } from './node.ts'

type Factory = (components: NodeComponents) => unknown

/** Services that are loaded and run only while this device wants to be found from afar, which may begin and end while libp2p runs. */
export class FarServices {
  readonly #load: () => Promise<readonly Factory[]>
  readonly #logger: Logger
  readonly #turns = new Serial()
  #components: NodeComponents | null = null
  #wanted: boolean
  #running: unknown[] = []

  constructor(load: () => Promise<readonly Factory[]>, { wanted, logger }: { wanted: boolean; logger: Logger }) {
    this.#load = load
    this.#wanted = wanted
    this.#logger = logger
  }

  /** As libp2p takes it. */
  readonly factory = (components: NodeComponents): object => ({
    [Symbol.toStringTag]: 'spacepanda-far',
    start: () => undefined,
    afterStart: () => {
      this.#components = components
      this.#settle()
    },
    stop: () => this.#end(),
  })

  want(wanted: boolean): void {
    this.#wanted = wanted
    this.#settle()
  }

  async #end(): Promise<void> {
    this.#components = null
    this.#settle()
    await this.#turns.run(async () => undefined)
  }

  #settle(): void {
    this.#turns.run(() => this.#turn()).catch((thrown: unknown) => this.#logger.warn('far-service-failed', { fault: faultName(thrown) }))
  }

  async #turn(): Promise<void> {
    const components = this.#wanted ? this.#components : null
    if (components === null) return stop(...this.#running.splice(0))
    if (this.#running.length > 0) return
    const factories = await this.#load()
    this.#running = factories.map((make) => make(components))
    await start(...this.#running)
  }
}
