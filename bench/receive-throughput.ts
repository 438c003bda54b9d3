import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { ObjectRow } from '../electron/ports/store.ts'
import { batches } from '../electron/sync/delivery/batches.ts'
import { receiveObjects } from '../electron/sync/group/receive/receive-objects.ts'
import { durableRows, newStore } from './lib/durable-row.ts'
import { begin, rowsOf } from './lib/report.ts'
import type { Line, Row } from './lib/report.ts'
import { alternate } from './lib/rounds.ts'
import type { Turn } from './lib/rounds.ts'
import { TEXT } from './lib/sample-message.ts'
import { Stopwatch } from './lib/stopwatch.ts'
import { timedGroup } from './lib/timed-group.ts'
import type { Part, TimedGroup } from './lib/timed-group.ts'

const ROUNDS = 7
const PUSH = 64
const CATCH_UP = 1_000
/** About what the text weighs encrypted. */
const MESSAGE_BYTES = 400
/** How far receiving may stay behind bare SQLite. */
const TARGET = 2

type Total = 'a push of 64' | 'a catch-up of 1000'
type What = 'MLS' | 'encode the state' | 'write rows' | 'commit' | 'the rest'
type Name = 'one durable row' | Total | `${Total}: ${What}`

const PARTS: readonly (readonly [What, Part])[] = [
  ['MLS', 'decrypt'],
  ['encode the state', 'encode'],
  ['write rows', 'write'],
  ['commit', 'commit'],
]
const linesOf = (total: Total): Line<Name>[] => [
  { name: total, unit: 'µs', against: 'one durable row' },
  ...[...PARTS.map(([what]) => what), 'the rest' as const].map((what): Line<Name> => ({
    name: `${total}: ${what}`,
    unit: 'µs',
    against: total,
  })),
]
const LINES: Line<Name>[] = [
  { name: 'one durable row', unit: 'µs', against: null },
  ...linesOf('a push of 64'),
  ...linesOf('a catch-up of 1000'),
]

/** Bob takes what Alice wrote, in pushes as a courier makes them. Microseconds a message, by part. */
const receiving =
  ({ alice, bob, channelId }: TimedGroup, name: Total, count: number, watch: Stopwatch<Part>): Turn<Name> =>
  async () => {
    const rows: ObjectRow[] = []
    for (let i = 0; i < count; i++) {
      const row = alice.store.objects.get((await alice.group.send(channelId, TEXT, null)).objectId)
      if (row !== null) rows.push(row)
      if (i % 16 === 0) await setImmediate()
    }
    watch.reset()
    const started = performance.now()
    for (const batch of batches(rows, ({ bytes }) => bytes.length)) {
      const acks = await receiveObjects(bob.group, batch)
      if (acks.some((ack) => ack !== 'stored')) throw new Error('not taken')
    }
    const each = (ms: number): number => (ms * 1_000) / count
    const all = each(performance.now() - started)
    const parts = PARTS.map(([what, part]): [What, number] => [what, each(watch.spent(part))])
    const rest = parts.reduce((left, [, spent]) => left - spent, all)
    const samples: Partial<Record<Name, number[]>> = { [name]: [all] }
    for (const [what, spent] of [...parts, ['the rest', rest] as const]) samples[`${name}: ${what}`] = [spent]
    return samples
  }

function verdict(rows: readonly Row[], total: Total): string {
  const row = rows.find((one) => one.name === total)
  const ratio = row?.ratio?.median ?? NaN
  const each = Math.round(1e6 / (row?.median ?? NaN))
  return `${total}: ${each} durable receives a second, ${(1 / ratio).toFixed(2)} of what bare SQLite does row by row (${ratio <= TARGET ? 'reached' : 'missed'}: at least ${1 / TARGET})`
}

async function main(): Promise<void> {
  const report = await begin(
    'receive-throughput',
    'messages received and durable, against encrypted SQLite with one transaction for each row',
  )
  const folder = await mkdtemp(join(tmpdir(), 'spacepanda-bench-'))
  const watch = new Stopwatch<Part>()
  const bare = await newStore(join(folder, 'bare'))
  const group = await timedGroup(join(folder, 'group'), 2, watch)
  try {
    // Throughput on both sides: what a round took by what it did, the disk's pauses included.
    const rows = (): Promise<Partial<Record<Name, number[]>>> => {
      const ms = durableRows(bare, MESSAGE_BYTES, CATCH_UP).reduce((sum, one) => sum + one, 0)
      return Promise.resolve({ 'one durable row': [(ms * 1_000) / CATCH_UP] })
    }
    const measured = await alternate(
      LINES.map((line) => line.name),
      [rows, receiving(group, 'a push of 64', PUSH, watch), receiving(group, 'a catch-up of 1000', CATCH_UP, watch)],
      { rounds: ROUNDS, warmUp: 2, budgetMs: 60_000 },
    )
    const found = rowsOf(LINES, measured)
    await report.finish(found, [verdict(found, 'a push of 64'), verdict(found, 'a catch-up of 1000')])
  } finally {
    group.close()
    bare.close()
    await rm(folder, { recursive: true, force: true })
  }
}

await main()
