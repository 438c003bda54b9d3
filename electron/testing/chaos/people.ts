import { join } from 'node:path'
import type { Api } from '../../../shared/ipc/contract.ts'
import { connectControl } from '../../node/control/control-client.ts'
import type { RemoteNode } from '../../node/control/control-client.ts'
import { AppError } from '../../kernel/errors.ts'
import type { FaultProxy } from '../network/fault-proxy.ts'
import { mode, proxiedTown } from '../processes/proxied-town.ts'
import type { ProxiedTown } from '../processes/proxied-town.ts'
import { RelayProcess } from './relay-process.ts'

/** Two of these never reach each other but by a relay, or by what that introduces. */
const WALLED = [1, 3, 5, 7]

/** Real processes that meet through proxies only, or by a relay if there is one, and a line to each of those that run. */
export class People {
  readonly town: ProxiedTown
  /** Null in a town without one. */
  readonly relay: RelayProcess | null
  readonly #lines = new Map<string, RemoteNode>()
  /** Who is about to start, or to end. */
  readonly #between = new Set<string>()

  constructor(folder: string, names: readonly string[], { seed, hasRelay }: { seed: number; hasRelay: boolean }) {
    const relay = hasRelay ? new RelayProcess(join(folder, 'relay')) : null
    this.relay = relay
    this.town = proxiedTown(folder, names, seed, undefined, () => (relay === null ? [] : [relay.port]))
  }

  async raise(): Promise<void> {
    await this.relay?.start()
    await this.town.raise()
    mode(
      this.town.proxies().filter((proxy) => !this.lines().includes(proxy)),
      'refuse',
    )
    await Promise.all(this.town.names.map((name) => this.#call(name)))
  }

  /** Those that may carry anything. */
  lines(): FaultProxy[] {
    const { names } = this.town
    const walled = this.relay === null ? [] : names.filter((_, i) => WALLED.includes(i))
    const between = new Set(walled.flatMap((one) => walled.filter((other) => other !== one).map((other) => this.town.proxy(one, other))))
    return this.town.proxies().filter((proxy) => !between.has(proxy))
  }

  isUp(name: string): boolean {
    return this.#lines.has(name)
  }

  isDown(name: string): boolean {
    return !this.#lines.has(name) && !this.#between.has(name)
  }

  /** Throws `AppError('stopping')`, as a call to a process that ends does, where nobody is up. */
  api(name: string): Api {
    const line = this.#lines.get(name)
    if (line === undefined) throw new AppError('stopping', `${name} is not up.`)
    return line.api
  }

  async halt(name: string, signal: NodeJS.Signals): Promise<void> {
    const line = this.#lines.get(name)
    this.#lines.delete(name)
    await this.#during(name, async () => {
      await this.town.halt(name, signal)
      await line?.stop()
    })
  }

  async start(name: string): Promise<void> {
    await this.#during(name, async () => {
      await this.town.serve(name)
      await this.#call(name)
    })
  }

  async dispose(): Promise<void> {
    await this.town.dispose()
    await this.relay?.halt('SIGKILL')
    await Promise.all([...this.#lines.values()].map((line) => line.stop()))
    this.#lines.clear()
  }

  async #during(name: string, work: () => Promise<void>): Promise<void> {
    this.#between.add(name)
    await work().finally(() => this.#between.delete(name))
  }

  async #call(name: string): Promise<void> {
    const line = await connectControl(this.town.dir(name))
    if (line === null) throw new Error(`${name} is served and does not answer`)
    this.#lines.set(name, line)
  }
}
