import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { receiveObject } from '../electron/sync/group/receive-object.ts'
import { begin, rowsOf } from './lib/report.ts'
import type { Line, Row } from './lib/report.ts'
import { alternate } from './lib/rounds.ts'
import type { Turn } from './lib/rounds.ts'
import { TEXT } from './lib/sample-message.ts'
import { Stopwatch } from './lib/stopwatch.ts'
import { timedGroup } from './lib/timed-group.ts'
import type { Part, TimedGroup } from './lib/timed-group.ts'

const ROUNDS = 12
const MESSAGES_A_ROUND = 15
const SIZES = [2, 100] as const

type Size = (typeof SIZES)[number]
type Step = 'send' | 'receive'
type What = 'in all' | 'MLS' | 'encode the state' | 'read the epoch' | 'write rows' | 'commit' | 'the rest'
type Name = 'one durable row' | `${Step} among ${Size}: ${What}`

const PARTS: Readonly<Record<Step, readonly (readonly [What, Part])[]>> = {
  send: [
    ['MLS', 'encrypt'],
    ['encode the state', 'encode'],
    ['write rows', 'write'],
    ['commit', 'commit'],
  ],
  receive: [
    ['read the epoch', 'read'],
    ['MLS', 'decrypt'],
    ['encode the state', 'encode'],
    ['write rows', 'write'],
    ['commit', 'commit'],
  ],
}

/** Totals against the least that is durable; parts against the total they are part of. */
const linesOf = (step: Step, size: Size): Line<Name>[] => [
  { name: `${step} among ${size}: in all`, unit: 'ms', against: 'one durable row' },
  ...[...PARTS[step].map(([what]) => what), 'the rest' as const].map((what): Line<Name> => ({
    name: `${step} among ${size}: ${what}`,
    unit: 'ms',
    against: `${step} among ${size}: in all`,
  })),
]

const LINES: Line<Name>[] = [
  { name: 'one durable row', unit: 'ms', against: null },
  ...SIZES.flatMap((size) => [...linesOf('send', size), ...linesOf('receive', size)]),
]

/** One message from Alice's call to Bob's acknowledgement, without what lies between them. */
const conversation =
  ({ alice, bob, channelId }: TimedGroup, size: Size, watch: Stopwatch<Part>): Turn<Name> =>
  async () => {
    const samples: Partial<Record<Name, number[]>> = {}
    const measure = async <T>(step: Step, work: () => Promise<T>): Promise<T> => {
      watch.reset()
      const started = performance.now()
      const value = await work()
      const all = performance.now() - started
      const parts = PARTS[step].map(([what, part]): [What, number] => [what, watch.spent(part)])
      const rest = all - parts.reduce((sum, [, ms]) => sum + ms, 0)
      for (const [what, ms] of [...parts, ['in all', all] as const, ['the rest', rest] as const])
        (samples[`${step} among ${size}: ${what}`] ??= []).push(ms)
      return value
    }
    for (let i = 0; i < MESSAGES_A_ROUND; i++) {
      const { objectId } = await measure('send', () => alice.group.send(channelId, TEXT, null))
      const object = alice.store.objects.get(objectId)
      if (object === null) throw new Error('what was sent is stored')
      const ack = await measure('receive', () => receiveObject(bob.group, { eid: object.eid, bytes: object.bytes }))
      if (ack !== 'stored') throw new Error(`not taken: ${ack}`)
    }
    return samples
  }

/** The least that this database can make durable: one row of a message's size, one transaction. */
const oneRow =
  ({ bob }: TimedGroup): Turn<Name> =>
  () => {
    const samples = Array.from({ length: MESSAGES_A_ROUND }, (_, n) => {
      const value = new Uint8Array(406).fill(n)
      const started = performance.now()
      bob.store.transaction((tx) => tx.settings.set('bench', value))
      return performance.now() - started
    })
    return Promise.resolve({ 'one durable row': samples })
  }

function growth(rows: readonly Row[], step: Step): string {
  const [small, large] = SIZES
  const of = (size: Size, what: What): number => rows.find((row) => row.name === `${step} among ${size}: ${what}`)?.median ?? NaN
  const work = (size: Size): number => of(size, 'in all') - of(size, 'commit')
  return `${step}: ${work(small).toFixed(2)} ms of work beside the disk's among ${small}, ${work(large).toFixed(2)} ms among ${large}`
}

async function main(): Promise<void> {
  const report = begin('message-cost', 'where the time of a message goes at either end, and whether it grows with the group')
  const folder = await mkdtemp(join(tmpdir(), 'spacepanda-bench-'))
  const watch = new Stopwatch<Part>()
  const groups: TimedGroup[] = []
  try {
    const turns: Turn<Name>[] = []
    for (const size of SIZES) {
      const group = await timedGroup(folder, size, watch)
      groups.push(group)
      turns.push(conversation(group, size, watch))
      if (size === SIZES[0]) turns.push(oneRow(group))
    }
    const measured = await alternate(
      LINES.map((line) => line.name),
      turns,
      { rounds: ROUNDS, warmUp: 3, budgetMs: 12_000 },
    )
    const rows = rowsOf(LINES, measured)
    await report.finish(rows, [growth(rows, 'send'), growth(rows, 'receive')])
  } finally {
    for (const group of groups) group.close()
    await rm(folder, { recursive: true, force: true })
  }
}

await main()
