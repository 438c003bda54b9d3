import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { NodeHandle } from '../electron/node/node-handle.ts'
import { dialLibp2p, listenLibp2p } from './lib/raw-libp2p.ts'
import { joinBy, newNode } from './lib/real-node.ts'
import { begin, rowsOf } from './lib/report.ts'
import type { Line } from './lib/report.ts'

const OTHERS = 20
const WINDOWS = 6
const WINDOW_MS = 10_000
/** Longer than it takes until the last said that it followed the last join (F4), that was passed on (D4), and all were compared with. */
const SETTLE_MS = 80_000
/** A bare node takes five new connections a second from one host. */
const APART_MS = 300
/** Bound of the issue, as a share of one core. */
const MOST = 0.01
const FAR = 'far'

type Name = 'nothing at all' | 'bare libp2p, 20 connections' | 'SpacePanda, 20 sessions'

const LINES: Line<Name>[] = [
  { name: 'nothing at all', unit: 'ms', against: null },
  { name: 'bare libp2p, 20 connections', unit: 'ms', against: null },
  { name: 'SpacePanda, 20 sessions', unit: 'ms', against: 'bare libp2p, 20 connections' },
]

/** Milliseconds of processor that this process used in each of some windows of ten seconds. */
async function used(windows: number): Promise<number[]> {
  const samples = []
  for (let i = 0; i < windows; i++) {
    const before = process.cpuUsage()
    await setTimeout(WINDOW_MS)
    const { user, system } = process.cpuUsage(before)
    samples.push((user + system) / 1_000)
  }
  return samples
}

/** Twenty others in a process of their own: what they use is not what is asked for. */
function runFar(): void {
  const undo: (() => unknown)[] = []
  const friends = async (dir: string, link: string): Promise<void> => {
    for (let n = 0; n < OTHERS; n++) {
      const node = await newNode(join(dir, String(n)), `Member ${n}`)
      undo.push(() => node.stop())
      await joinBy(node, link)
    }
  }
  const connections = async (address: string): Promise<void> => {
    for (let n = 0; n < OTHERS; n++) {
      undo.push((await dialLibp2p(address)).stop)
      await setTimeout(APART_MS)
    }
  }
  process.on('message', ({ dir, link, address }: { dir: string; link: string | null; address: string | null }) => {
    const made = link !== null ? friends(dir, link) : connections(address ?? '')
    made.then(
      () => process.send?.('there'),
      (thrown: unknown) => process.send?.(thrown instanceof Error ? thrown.message : 'failed'),
    )
  })
  process.on('disconnect', () => {
    void Promise.all(undo.map((step) => step())).finally(() => process.exit(0))
  })
}

/** Starts the others, and answers what ends them. */
async function withOthers(request: { dir: string; link: string | null; address: string | null }): Promise<() => Promise<void>> {
  const far = fork(process.argv[1] ?? '', [FAR], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const answered = once(far, 'message') as Promise<[string]>
  far.send(request)
  const [answer] = await answered
  if (answer !== 'there') throw new Error(`the far process: ${answer}`)
  return async () => {
    const ended = once(far, 'exit')
    far.disconnect()
    await ended
  }
}

async function bare(dir: string): Promise<number[]> {
  const node = await listenLibp2p(() => undefined)
  const end = await withOthers({ dir, link: null, address: node.address })
  await setTimeout(WINDOW_MS)
  const samples = await used(WINDOWS)
  await end()
  await node.stop()
  return samples
}

async function ours(dir: string): Promise<{ samples: number[]; sessions: number }> {
  const node = await newNode(join(dir, 'here'), 'Alice')
  const { spaceId } = await node.api['spaces.create']({ name: 'Bench' })
  const { link } = await node.api['invitations.create']({ spaceId, role: 'member', maxUses: null, expiresInMs: 3_600_000 })
  const end = await withOthers({ dir, link, address: null })
  await setTimeout(SETTLE_MS)
  const samples = await used(WINDOWS)
  const sessions = await ready(node)
  await end()
  await node.stop()
  return { samples, sessions }
}

const ready = async (node: NodeHandle): Promise<number> =>
  (await node.api['connection.status']({})).peers.filter(({ state }) => state === 'ready').length

async function main(): Promise<void> {
  const report = await begin('idle', `processor time in each ${WINDOW_MS / 1_000} s in which nothing is said`)
  const folder = await mkdtemp(join(tmpdir(), 'spacepanda-idle-'))
  try {
    const nothing = await used(2)
    const libp2p = await bare(folder)
    const { samples, sessions } = await ours(folder)
    const rows = rowsOf<Name>(LINES, {
      'nothing at all': nothing.map((one) => [one]),
      'bare libp2p, 20 connections': libp2p.map((one) => [one]),
      'SpacePanda, 20 sessions': samples.map((one) => [one]),
    })
    const share = samples.reduce((sum, one) => sum + one, 0) / samples.length / WINDOW_MS
    const verdict = `${(share * 100).toFixed(2)} % of one core with ${sessions} sessions`
    await report.finish(rows, [`${verdict}: ${share <= MOST && sessions === OTHERS ? 'within' : 'NOT within'} ${MOST * 100} %`])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

if (process.argv[2] === FAR) runFar()
else await main()
