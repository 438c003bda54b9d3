import { join } from 'node:path'
import type { Api } from '../../../shared/ipc/contract.ts'
import { connectControl } from '../../node/control/control-client.ts'
import type { RemoteNode } from '../../node/control/control-client.ts'
import { inNamespace, result, resultWith, run, streamWith } from '../processes/command-line.ts'
import type { Stream } from '../processes/command-line.ts'

/** Longer than the pause between two looks for a straight way. */
const PATIENCE_MS = 100_000
const LOOK_MS = 200

/** Real processes in namespaces: `serve` over a profile each, and relays. Commands reach them by their folders, from outside. */
export class Residents {
  readonly #root: string
  readonly #running = new Map<string, Stream>()
  readonly #calls = new Map<string, RemoteNode>()

  constructor(root: string) {
    this.#root = root
  }

  dir(name: string): string {
    return join(this.#root, name)
  }

  async serve(name: string, namespace: string): Promise<void> {
    const env = inNamespace(namespace)
    await resultWith(env, this.dir(name), 'init', '--name', name)
    const stream = streamWith(env, this.dir(name), 'serve')
    this.#running.set(name, stream)
    await stream.next((line) => line['event'] === 'ready')
  }

  /** Answers the relay's address on that host. */
  async relay(name: string, namespace: string, { host, port }: { host: string; port: number }): Promise<string> {
    const version = host.includes(':') ? 6 : 4
    const listen = version === 6 ? `/ip6/::/tcp/${port}` : `/ip4/0.0.0.0/tcp/${port}`
    const stream = streamWith(inNamespace(namespace), this.dir(name), 'relay', '--private-network', '--listen', listen)
    this.#running.set(name, stream)
    const { peerId } = await stream.next((line) => line['event'] === 'ready')
    // What it lists itself may lack a cable that was plugged in this very moment.
    return `/ip${version}/${host}/tcp/${port}/p2p/${String(peerId)}`
  }

  /** A line to who serves, for what is asked many times: each command is a process of its own. */
  async call(name: string): Promise<Api> {
    const line = this.#calls.get(name) ?? (await connectControl(this.dir(name)))
    if (line === null) throw new Error(`${name} is served and does not answer`)
    this.#calls.set(name, line)
    return line.api
  }

  async kill(name: string): Promise<void> {
    await this.#calls.get(name)?.stop()
    this.#calls.delete(name)
    const stream = this.#running.get(name)
    this.#running.delete(name)
    await stream?.stop('SIGKILL')
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((name) => this.kill(name)))
  }

  command(name: string, ...args: string[]): Promise<Record<string, unknown>> {
    return result(this.dir(name), ...args)
  }

  async status(name: string): Promise<Status> {
    return (await this.command(name, 'status')) as unknown as Status
  }

  /** What a test of the connection finds, by codes. */
  async found(name: string): Promise<string[]> {
    const { lines } = await run(this.dir(name), ['network', 'test'])
    return (lines as unknown as { checks: { code: string }[] }[]).flatMap(({ checks }) => checks.map(({ code }) => code))
  }

  /** A space of the host's that the guest joins; answers its first channel. */
  async meet(host: string, guest: string): Promise<string> {
    const { spaceId, channels } = await this.command(host, 'space', 'create', 'Friends')
    const { link } = await this.command(host, 'invite', '--space', String(spaceId))
    await this.command(guest, 'join', String(link), '--timeout', '60')
    const [channel] = channels as { channelId: string }[]
    return channel?.channelId ?? ''
  }

  /** Says it, and waits until everybody has it. */
  say(name: string, channelId: string, text: string): Promise<Record<string, unknown>> {
    return this.command(name, 'send', '--channel', channelId, '--wait', 'delivered', '--timeout', '90', text)
  }

  sayLater(name: string, channelId: string, text: string): Promise<Record<string, unknown>> {
    return this.command(name, 'send', '--channel', channelId, text)
  }

  /** `sayLater`, as soon as it may: whoever was so slow that it took itself for astray is let in again first (SPEC.md R2). */
  async sayOnceIn(name: string, channelId: string, text: string): Promise<void> {
    await this.until(`${name} may write`, async () => {
      const { status, lines, stderr } = await run(this.dir(name), ['send', '--channel', channelId, text])
      const [line] = lines as { error?: { code: string } }[]
      if (status !== 0 && line?.error?.code !== 'returning')
        throw new Error(`send ended with ${status}: ${JSON.stringify(lines)} ${stderr}`)
      return status === 0
    })
  }

  async members(name: string, spaceId: string): Promise<string[]> {
    const { members } = await this.command(name, 'members', '--space', spaceId)
    return (members as { name: string }[]).map((member) => member.name)
  }

  async texts(name: string, channelId: string): Promise<string[]> {
    const { messages } = await this.command(name, 'history', '--channel', channelId, '--limit', '100')
    return (messages as { text: string }[]).map(({ text }) => text).sort()
  }

  async until(what: string, look: () => Promise<boolean>, patienceMs = PATIENCE_MS): Promise<void> {
    for (const deadline = performance.now() + patienceMs; performance.now() < deadline;) {
      if (await look()) return
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
    throw new Error(`waited in vain for: ${what}`)
  }
}

export interface Status {
  reachability: string
  reachedBy: { nearby: boolean; outside: string; relays: { held: number; of: number } }
  listening: string[]
  peers: { state: string; path: string | null }[]
}
