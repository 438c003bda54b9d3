import { spawnSync } from 'node:child_process'

/**
 * Networks of this machine's own: namespaces of the kernel, joined by cables. Nothing in them leads out. Linux and the right to make
 * them are needed; `whyNot` says what is missing.
 */
export class Lab {
  readonly #names: string[] = []
  /** Namespaces are the whole machine's: two runs at once must not meet. */
  readonly #prefix = `sp${process.pid.toString(36)}`

  namespace(name: string): string {
    const full = `${this.#prefix}${name}`
    ip('netns', 'add', full)
    this.#names.push(full)
    ip('-n', full, 'link', 'set', 'lo', 'up')
    // A new one does as the machine does, and on one that runs containers that is to pass on.
    this.#passOn(full, false)
    return full
  }

  /** A cable between two namespaces; each end has the name of the other and the addresses given. */
  cable(one: End, other: End): void {
    const [here, there] = [endName(other), endName(one)]
    ip('-n', one.namespace, 'link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', other.namespace)
    for (const [end, name] of [
      [one, here],
      [other, there],
    ] as const) {
      for (const address of end.addresses) this.address(end.namespace, name, address)
      ip('-n', end.namespace, 'link', 'set', name, 'up')
    }
  }

  /** Makes it pass on what is for others, as a router does. */
  forward(namespace: string): void {
    this.#passOn(namespace, true)
  }

  #passOn(namespace: string, yes: boolean): void {
    ip('netns', 'exec', namespace, 'sh', '-c', `echo ${yes ? 1 : 0} > /proc/sys/net/ipv4/ip_forward`)
  }

  /**
   * Makes it a router as homes have them: what is behind goes out under the router's own address, and in comes what was asked for.
   * `home`: who is behind, for the kind that lets everything in; `world`: all that there is outside, and what is for others is counted.
   */
  translate(namespace: string, uplink: string, kind: Translation, { home, world }: { home: string; world: string }): void {
    this.forward(namespace)
    const letsIn = kind === 'full-cone'
    const rules = `table ip home {
      counter strangers {}
      chain out { type nat hook postrouting priority 100; oifname "${uplink}" masquerade ${kind === 'symmetric' ? 'fully-random' : ''}; }
      chain in { type nat hook prerouting priority -100; ${letsIn ? `iifname "${uplink}" meta l4proto { tcp, udp } dnat to ${home};` : ''} }
      chain mine { type filter hook input priority 0; iifname "${uplink}" ct state new drop; }
      chain pass { type filter hook forward priority 0; policy drop;
        iifname != "${uplink}" ip daddr != ${world} counter name strangers; iifname != "${uplink}" accept; ct state established,related accept;
        ct status dnat accept; }
    }`
    ip('netns', 'exec', namespace, 'nft', rules)
  }

  /** How many packets somebody behind this router sent to others than there are. */
  toStrangers(namespace: string): number {
    const { stdout } = spawnSync('ip', ['netns', 'exec', namespace, 'nft', 'list', 'counter', 'ip', 'home', 'strangers'], {
      encoding: 'utf8',
    })
    return Number(/packets (\d+)/.exec(stdout)?.[1] ?? Number.NaN)
  }

  /** What leads out of a namespace to everything that is not on one of its cables. */
  route(namespace: string, by: string): void {
    ip('-n', namespace, 'route', 'add', 'default', 'via', by)
  }

  /** Multicast has a way out by that end, as it has wherever something leads out. */
  multicast(namespace: string, device: string): void {
    ip('-n', namespace, 'route', 'add', '224.0.0.0/4', 'dev', device)
  }

  address(namespace: string, device: string, address: string): void {
    const isV6 = address.includes(':')
    ip('-n', namespace, 'addr', 'add', address, 'dev', device, ...(isV6 ? ['nodad'] : []))
  }

  /** The one address gives way to the other, as when a laptop changes the network. */
  move(namespace: string, device: string, from: string, to: string): void {
    ip('-n', namespace, 'addr', 'del', from, 'dev', device)
    this.address(namespace, device, to)
  }

  /** Pulls the cable out, or puts it in again: nobody hears a word of it. */
  plug(namespace: string, device: string, state: 'up' | 'down'): void {
    ip('-n', namespace, 'link', 'set', device, state)
  }

  /** Cables go with their ends. */
  dispose(): void {
    for (const name of this.#names.splice(0)) run('ip', ['netns', 'del', name])
  }
}

/**
 * By RFC 4787: `port-restricted` keeps one's port and lets in what was asked for; `symmetric` takes another port for each address that is
 * spoken to; `full-cone` lets in whoever comes.
 */
export type Translation = 'port-restricted' | 'symmetric' | 'full-cone'

export interface End {
  namespace: string
  addresses: readonly string[]
}

/** The name of a cable's end that leads to that namespace: a device's name has 15 characters at most. */
export const endName = ({ namespace }: Pick<End, 'namespace'>): string => `to-${namespace.slice(-11)}`

/** Null where routers can be made that translate addresses; else why not. */
export function whyNoRouters(): string | null {
  const problem = run('nft', ['--version'])
  return whyNot() ?? (problem === null ? null : `routers cannot be made here: ${problem}`)
}

/** Null where namespaces and cables can be made; else why not. */
export function whyNot(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux'
  const probe = `sp${process.pid.toString(36)}probe`
  const added = run('ip', ['netns', 'add', probe])
  if (added !== null) return `network namespaces cannot be made here: ${added}`
  const cable = run('ip', ['-n', probe, 'link', 'add', 'probe0', 'type', 'veth', 'peer', 'name', 'probe1'])
  run('ip', ['netns', 'del', probe])
  return cable === null ? null : `cables between namespaces cannot be made here: ${cable}`
}

function ip(...args: string[]): void {
  const problem = run('ip', args)
  if (problem !== null) throw new Error(`ip ${args.join(' ')}: ${problem}`)
}

/** Null if it worked, else what it said. */
function run(command: string, args: readonly string[]): string | null {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: 10_000 })
  if (error !== undefined) return error.message
  return status === 0 ? null : stderr.trim()
}
