import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createFaultProxy } from '../network/fault-proxy.ts'
import type { FaultProxy, ProxyMode } from '../network/fault-proxy.ts'
import { result, streamWith } from './command-line.ts'
import type { Stream } from './command-line.ts'

/**
 * Real `serve` processes, each over a profile of its own, that meet only through proxies: one for each ordered pair, `from` dials
 * `to`. Everybody announces its true address, and `SPACEPANDA_PROXIES` tells each where to dial instead (`cli/proxies.ts`).
 */
export interface ProxiedTown {
  readonly names: readonly string[]
  dir(name: string): string
  proxy(from: string, to: string): FaultProxy
  proxies(): FaultProxy[]
  /** Both directions between them. */
  between(one: string, other: string): FaultProxy[]
  /** All that leads to this one, and from it. */
  around(name: string): FaultProxy[]
  /** What all proxies did, for a test that failed. */
  log(): string
  /** Gives everybody a profile, and serves it. */
  raise(): Promise<void>
  /** Of the process that serves this one now. */
  pid(name: string): number
  /** Starts the process again that was stopped or killed. */
  serve(name: string): Promise<void>
  /** Ends the process. */
  halt(name: string, signal?: NodeJS.Signals): Promise<number | null>
  dispose(): Promise<void>
}

export const mode = (proxies: readonly FaultProxy[], to: ProxyMode): void => proxies.forEach((proxy) => proxy.mode(to))

/** `more`: what else is set in the environment of each that is served. `open`: ports of others, a relay's, that everybody may dial. */
export function proxiedTown(
  root: string,
  names: readonly string[],
  seed: number,
  more: (name: string) => NodeJS.ProcessEnv = () => ({}),
  open: () => readonly number[] = () => [],
): ProxiedTown {
  const dir = (name: string): string => join(root, name)
  const fileOf = (name: string): string => join(root, `${name}.proxies.json`)
  const serving = new Map<string, Stream>()
  const ports = new Map<string, number>()
  const proxies = new Map<string, FaultProxy>()
  const key = (from: string, to: string): string => `${from} → ${to}`
  const proxy = (from: string, to: string): FaultProxy => {
    const found = proxies.get(key(from, to))
    if (found === undefined) throw new Error(`no proxy ${key(from, to)}`)
    return found
  }
  const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const))

  /** Whoever comes back may have had to take another port: its proxies follow it, and the others find them by the new one. */
  const tellEverybody = (): void => {
    for (const from of names) {
      const others = names.filter((to) => to !== from && ports.has(to))
      const people = others.map((to): [string, number] => [String(ports.get(to)), proxy(from, to).port])
      const map = Object.fromEntries([...people, ...open().map((port): [string, number] => [String(port), port])])
      writeFileSync(`${fileOf(from)}.new`, JSON.stringify(map))
      renameSync(`${fileOf(from)}.new`, fileOf(from))
    }
  }
  const serve = async (name: string): Promise<void> => {
    const stream = streamWith({ ...more(name), SPACEPANDA_PROXIES: fileOf(name) }, dir(name), 'serve')
    serving.set(name, stream)
    const ready = await stream.next((line) => line['event'] === 'ready')
    ports.set(name, tcpPortOf(ready['addresses'] as string[]))
    tellEverybody()
  }
  const halt = async (name: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    const stream = serving.get(name)
    serving.delete(name)
    return (await stream?.stop(signal)) ?? null
  }

  for (const [i, [from, to]] of pairs.entries())
    proxies.set(key(from, to), createFaultProxy({ seed: seed * 1_000 + i, target: () => ports.get(to) ?? 0 }))
  return {
    names,
    dir,
    proxy,
    proxies: () => [...proxies.values()],
    between: (one, other) => [proxy(one, other), proxy(other, one)],
    around: (name) => pairs.filter((pair) => pair.includes(name)).map(([from, to]) => proxy(from, to)),
    log: () => [...proxies].map(([pair, { counts, log }]) => [pair, JSON.stringify(counts), ...log].join('\n  ')).join('\n'),
    async raise() {
      await Promise.all([...proxies.values()].map((each) => each.start()))
      await Promise.all(names.map((name) => result(dir(name), 'init', '--name', name)))
      await Promise.all(names.map(serve))
    },
    pid(name) {
      const stream = serving.get(name)
      if (stream === undefined) throw new Error(`${name} is not served`)
      return stream.pid
    },
    serve,
    halt,
    async dispose() {
      await Promise.all([...serving.keys()].map((name) => halt(name, 'SIGKILL')))
      await Promise.all([...proxies.values()].map((each) => each.stop()))
    },
  }
}

function tcpPortOf(addresses: readonly string[]): number {
  const ports = addresses.flatMap((address) => /^\/ip4\/127\.0\.0\.1\/tcp\/(\d+)/.exec(address)?.[1] ?? [])
  if (ports[0] === undefined) throw new Error(`no TCP among ${addresses.join(' ')}`)
  return Number(ports[0])
}
