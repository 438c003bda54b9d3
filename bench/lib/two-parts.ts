import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { ChannelId, SpaceId } from '../../shared/domain/ids.ts'
import type { NodeHandle } from '../../electron/node/node-handle.ts'
import { joinBy, newNode, openNode } from './real-node.ts'

const LOOK_EVERY_MS = 50
/** How long anything that is waited for may take. */
const PATIENCE_MS = 180_000

/** One space of many real nodes in this process, that can be put into two parts which do not reach each other. */
export class TwoParts {
  readonly #folder: string
  readonly #ports = new Map<number, number>()
  readonly #nodes: NodeHandle[] = []
  #apart = false
  #said = 0
  /** Channels that were made. */
  #made = 1
  #space: SpaceId = '' as SpaceId
  #channel: ChannelId = '' as ChannelId

  private constructor(folder: string) {
    this.#folder = folder
  }

  /** A space of `size` members, all of them admins. */
  static async gather(size: number): Promise<TwoParts> {
    const parts = new TwoParts(await mkdtemp(join(tmpdir(), 'spacepanda-parts-')))
    await parts.#found(size)
    return parts
  }

  get size(): number {
    return this.#nodes.length
  }

  /** Everybody goes, and comes back reaching their own part only: nothing is open between the two any more. */
  async part(): Promise<void> {
    this.#apart = true
    await Promise.all(this.#nodes.map((node) => node.stop()))
    this.#ports.clear()
    for (const n of this.#everybody) await this.#open(n)
  }

  /** The first of each part makes so many channels and says something. Resolves when either part is at one. */
  async change(commits: number, round: string): Promise<void> {
    const parts = [this.#part(0), this.#part(1)]
    for (const [part, members] of parts.entries()) {
      const { api } = this.#at(members[0] ?? 0)
      for (let i = 0; i < commits; i++) await api['channels.create']({ spaceId: this.#space, name: `${round} ${part} ${i}`, kind: 'open' })
      await api['messages.send']({ channelId: this.#channel, text: `${round} ${part}`, replyTo: null })
      this.#said += 1
    }
    for (const members of parts) await this.#until('a part at one', () => this.#agree(members, this.#said - 1, this.#made + commits))
    this.#made += parts.length * commits
  }

  /** From letting them reach each other again until all see the same space and have all that was said, in ms. */
  async heal(): Promise<number> {
    this.#apart = false
    const started = performance.now()
    for (const node of this.#nodes) await node.api['connection.retry']({})
    await this.#until('all at one', () => this.#agree(this.#everybody, this.#said, this.#made))
    return performance.now() - started
  }

  async stop(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.stop()))
    await rm(this.#folder, { recursive: true, force: true })
  }

  get #half(): number {
    return Math.ceil(this.#nodes.length / 2)
  }

  get #everybody(): number[] {
    return [...this.#nodes.keys()]
  }

  #part(part: 0 | 1): number[] {
    return this.#everybody.filter((n) => n < this.#half === (part === 0))
  }

  #at(n: number): NodeHandle {
    const node = this.#nodes[n]
    if (node === undefined) throw new Error('there is no such node')
    return node
  }

  readonly #via = (from: number) => (port: number) => {
    const to = this.#ports.get(port)
    const isAcross = to !== undefined && from < this.#half !== to < this.#half
    return this.#apart && isAcross ? null : port
  }

  async #listening(n: number, node: NodeHandle): Promise<void> {
    this.#nodes[n] = node
    const status = await node.api['profile.status']({})
    for (const address of status.kind === 'open' ? status.profile.addresses : []) {
      const port = /^\/ip4\/127\.0\.0\.1\/tcp\/(\d+)/.exec(address)?.[1]
      if (port !== undefined) this.#ports.set(Number(port), n)
    }
  }

  readonly #open = async (n: number): Promise<void> => this.#listening(n, await openNode(join(this.#folder, String(n)), this.#via(n)))

  async #found(size: number): Promise<void> {
    for (let n = 0; n < size; n++) await this.#listening(n, await newNode(join(this.#folder, String(n)), `Member ${n}`, this.#via(n)))
    const { api } = this.#at(0)
    const { spaceId, channels } = await api['spaces.create']({ name: 'Bench' })
    this.#space = spaceId
    this.#channel = channels[0]?.channelId ?? this.#channel
    const { link } = await api['invitations.create']({ spaceId, role: 'admin', maxUses: null, expiresInMs: 3_600_000 })
    for (const n of this.#everybody.slice(1)) {
      await joinBy(this.#at(n), link ?? '')
    }
    await this.#until('all members at all', () => this.#agree(this.#everybody, 0, 1))
  }

  /** Whether all of them see the same members and so many channels, and have so many messages. Looks no further than the first who does not. */
  async #agree(members: readonly number[], messages: number, channels: number): Promise<boolean> {
    let first: string | null = null
    for (const n of members) {
      const { api } = this.#at(n)
      const [space] = await api['spaces.list']({})
      if (space?.memberCount !== this.size || space.channels.length !== channels) return false
      const page = await api['messages.page']({ channelId: this.#channel, limit: 100, before: null, after: null, around: null })
      const names = space.channels.map(({ name }) => name).join()
      if (page.messages.length !== messages || names !== (first ??= names)) return false
    }
    return true
  }

  async #until(what: string, look: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS
    while (!(await look())) {
      if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`)
      await setTimeout(LOOK_EVERY_MS)
    }
  }
}
