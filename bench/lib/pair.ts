import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChannelId } from '../../shared/domain/ids.ts'
import type { NodeHandle } from '../../electron/node/node-handle.ts'
import type { Store } from '../../electron/ports/store.ts'
import { newStore } from './durable-row.ts'
import { echoClient } from './echo.ts'
import type { EchoClient } from './echo.ts'
import type { Reply, Request } from './far-end.ts'
import { dialLibp2p } from './raw-libp2p.ts'
import { dialTcp } from './raw-tcp.ts'
import { heard, newNode } from './real-node.ts'

/** The argument with which a bench is started again as the far process: both run the same file, bundled or not. */
export const FAR_END = 'far-end'
/** What an orderly end may take before the far process is ended. */
const STOP_MS = 5_000

/** Two processes joined three times: by SpacePanda, by one libp2p stream, by one TCP connection. */
export interface Pair {
  /** An empty database on the disk that the others use. */
  bare: Store
  alice: NodeHandle
  channelId: ChannelId
  libp2p: EchoClient
  tcp: EchoClient
  /** When each message was added at Bob's since the last time, and the longest that his process did nothing else. */
  arrivals(): Promise<{ at: Map<string, number>; longestStall: number }>
  /** Bob's node stops. */
  away(): Promise<void>
  /** It starts again, and has so many more messages. */
  back(messages: number): Promise<{ tookMs: number; p99DelayMs: number }>
  stop(): Promise<void>
}

/** `messageBytes`: what a message of the baselines weighs. */
export async function makePair(messageBytes: number): Promise<Pair> {
  const folder = await mkdtemp(join(tmpdir(), 'spacepanda-bench-'))
  const bob = fork(process.argv[1] ?? '', [FAR_END], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const undo: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true }), () => endProcess(bob)]
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step()
  }
  try {
    const opened = await ask(bob, { kind: 'open', dataDir: join(folder, 'bob'), messageBytes }, 'opened')
    const tcp = await dialTcp(opened.tcpPort)
    undo.push(tcp.stop)
    const libp2p = await dialLibp2p(opened.libp2pAddress)
    undo.push(libp2p.stop)
    const bare = await newStore(join(folder, 'bare'))
    undo.push(() => bare.close())
    const alice = await newNode(join(folder, 'alice'), 'Alice')
    undo.push(() => alice.stop())
    const channelId = await befriend(alice, bob)
    return {
      bare,
      alice,
      channelId,
      libp2p: echoClient(libp2p.pipe, messageBytes),
      tcp: echoClient(tcp.pipe, messageBytes),
      arrivals: async () => {
        const { at, longestStall } = await ask(bob, { kind: 'arrivals' }, 'arrivals')
        return { at: new Map(at), longestStall }
      },
      away: async () => {
        await ask(bob, { kind: 'away' }, 'away')
      },
      back: (messages) => ask(bob, { kind: 'back', messages }, 'back'),
      stop,
    }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

/** Alice makes a space and a link; Bob joins by it; both know each other when this resolves. */
async function befriend(alice: NodeHandle, bob: ChildProcess): Promise<ChannelId> {
  const space = await alice.api['spaces.create']({ name: 'Bench' })
  const [channel] = space.channels
  const invitation = await alice.api['invitations.create']({
    spaceId: space.spaceId,
    role: 'member',
    maxUses: null,
    expiresInMs: 3_600_000,
  })
  if (channel === undefined || invitation.link === null) throw new Error('a new space has a channel, and its maker the link')
  await ask(bob, { kind: 'join', link: invitation.link }, 'joined')
  const { channelId } = channel
  const delivered = heard(alice, 'the first delivery', (event) =>
    event.event === 'message.changed' && event.data.delivery.state === 'delivered' ? true : null,
  )
  await alice.api['messages.send']({ channelId, text: 'Are you there?', replyTo: null })
  await delivered
  return channelId
}

async function ask<K extends Reply['kind']>(far: ChildProcess, request: Request, kind: K): Promise<Extract<Reply, { kind: K }>> {
  const gone = new AbortController()
  const ended = once(far, 'exit', { signal: gone.signal }).then(() => {
    throw new Error('the far process ended')
  })
  const answered = once(far, 'message', { signal: gone.signal }) as Promise<[Reply]>
  far.send(request)
  try {
    const [reply] = await Promise.race([answered, ended])
    if (reply.kind === 'failed') throw new Error(`the far process: ${reply.message}`)
    if (reply.kind !== kind) throw new Error('the far process answered another question')
    return reply as Extract<Reply, { kind: K }>
  } finally {
    gone.abort()
    // The one that lost the race.
    await Promise.allSettled([answered, ended])
  }
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  child.disconnect()
  await ended
  clearTimeout(timer)
}
