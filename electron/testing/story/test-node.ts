import { join } from 'node:path'
import type { Join, Message, MessageState, Space } from '../../../shared/domain/models.ts'
import type { NodeEvent } from '../../../shared/ipc/events.ts'
import { systemClock } from '../../kernel/clock.ts'
import type { Clock } from '../../kernel/clock.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { systemRandom } from '../../kernel/random.ts'
import { createNode } from '../../node/create-node.ts'
import type { NodeHandle } from '../../node/node-handle.ts'

export const PASSPHRASE = 'a passphrase for tests'
const PATIENCE_MS = 20_000

/** A real node over a folder: real database, keys, MLS and libp2p on the loopback interface. */
export interface TestNode extends NodeHandle {
  dataDir: string
  events: NodeEvent[]
}

/** `via`: the TCP ports of this machine that it may dial, and which instead. */
export type Via = (tcpPort: number) => number | null

export async function startNode(dataDir: string, clock: Clock = systemClock, via?: Via): Promise<TestNode> {
  const network = { loopbackOnly: true, mdns: false, webrtc: false, ...(via === undefined ? {} : { via }) }
  const node = await createNode({
    dataDir,
    keyVault: null,
    logger: silentLogger,
    clock,
    random: systemRandom,
    passphraseWorkMs: 0,
    network,
  })
  const events: NodeEvent[] = []
  node.on((event) => events.push(event))
  return {
    api: node.api,
    on: (listener) => node.on(listener),
    stop: () => node.stop(),
    release: () => node.release(),
    sleeps: () => node.sleeps(),
    dataDir,
    events,
  }
}

/** A node with a new profile in a folder of its own below `root`. */
export async function newcomer(root: string, name: string, clock?: Clock, via?: Via): Promise<TestNode> {
  const node = await startNode(join(root, name), clock, via)
  await node.api['profile.create']({ name, passphrase: PASSPHRASE })
  return node
}

/** The same profile in a new node, after the old one stopped. */
export async function restart(node: TestNode, clock?: Clock, via?: Via): Promise<TestNode> {
  await node.stop()
  const again = await startNode(node.dataDir, clock, via)
  await again.api['profile.unlock']({ passphrase: PASSPHRASE })
  return again
}

/** The first value that `look` finds, now or after any later event. Fails when nothing comes of it. */
export function until<T>(node: TestNode, what: string, look: () => Promise<T | null>): Promise<T> {
  return new Promise((resolve, reject) => {
    let settled = false
    const finish = (settle: () => void) => {
      if (settled) return
      settled = true
      unsubscribe()
      clearTimeout(timer)
      settle()
    }
    const check = () => {
      look().then(
        (value) => value !== null && finish(() => resolve(value)),
        (thrown: unknown) => finish(() => reject(thrown instanceof Error ? thrown : new Error(what))),
      )
    }
    const timer = setTimeout(() => finish(() => reject(new Error(`waited in vain for: ${what}`))), PATIENCE_MS)
    const unsubscribe = node.on(check)
    check()
  })
}

export const endOfJoin = (node: TestNode, started: Join): Promise<Join> =>
  until(node, 'the end of a join', async () => {
    const join = (await node.api['joins.list']({})).find((j) => j.joinId === started.joinId)
    return join !== undefined && ['done', 'refused', 'cancelled'].includes(join.state.kind) ? join : null
  })

/** `guest` joins the space by a link that `host` makes. */
export async function joinBy(host: TestNode, space: Pick<Space, 'spaceId'>, guest: TestNode): Promise<Join> {
  const { link } = await host.api['invitations.create']({ spaceId: space.spaceId, role: 'member', maxUses: null, expiresInMs: 3_600_000 })
  return endOfJoin(guest, await guest.api['joins.start']({ link: link ?? '' }))
}

const general = (space: Space) => {
  const [channel] = space.channels
  if (channel === undefined) throw new Error('a space has a channel')
  return channel.channelId
}

/** The first channel of the only space. */
export async function generalOf(node: TestNode) {
  const [space] = await node.api['spaces.list']({})
  if (space === undefined) throw new Error('there is a space')
  return general(space)
}

export async function say(node: TestNode, text: string): Promise<Message> {
  return node.api['messages.send']({ channelId: await generalOf(node), text, replyTo: null })
}

export async function textsOf(node: TestNode): Promise<string[]> {
  const { messages } = await node.api['messages.page']({
    channelId: await generalOf(node),
    limit: 200,
    before: null,
    after: null,
    around: null,
  })
  return messages.map((m) => m.text).toReversed()
}

export const hears = (node: TestNode, text: string): Promise<true> =>
  until(node, `the text ${text}`, async () => ((await textsOf(node)).includes(text) ? true : null))

export const reaches = (node: TestNode, { messageId }: Message, state: MessageState): Promise<Message> =>
  until(node, `the state ${state}`, async () => {
    const message = await node.api['messages.get']({ messageId })
    return message.delivery.state === state ? message : null
  })

/** Both ends of a session told each other where they can be dialled: the courier's first exchange is over. */
export async function knowsWhereToFind(node: TestNode, other: TestNode): Promise<void> {
  await reaches(node, await say(node, 'where are you'), 'delivered')
  await reaches(other, await say(other, 'here'), 'delivered')
}
