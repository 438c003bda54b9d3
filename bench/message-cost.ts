import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { receiveObject } from '../electron/sync/group/receive/receive-objects.ts'
import { durableRows, newStore } from './lib/durable-row.ts'
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
/** About what the text weighs encrypted. */
const MESSAGE_BYTES = 400
/** How many are in the group, and whether the others take what they are sent: what is owed has to be remembered. */
const CASES = {
  two: { size: 2, here: true },
  'a hundred': { size: 100, here: true },
  'a hundred, all away': { size: 100, here: false },
} as const

type Case = keyof typeof CASES
type Step = 'send' | 'receive'
type What = 'in all' | 'MLS' | 'encode the state' | 'read the epoch' | 'write rows' | 'commit' | 'the rest'
type Name = 'one durable row' | `${Step} among ${Case}: ${What}`

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
const linesOf = (step: Step, name: Case): Line<Name>[] => [
  { name: `${step} among ${name}: in all`, unit: 'ms', against: 'one durable row' },
  ...[...PARTS[step].map(([what]) => what), 'the rest' as const].map((what): Line<Name> => ({
    name: `${step} among ${name}: ${what}`,
    unit: 'ms',
    against: `${step} among ${name}: in all`,
  })),
]

const LINES: Line<Name>[] = [
  { name: 'one durable row', unit: 'ms', against: null },
  ...linesOf('send', 'two'),
  ...linesOf('receive', 'two'),
  ...linesOf('send', 'a hundred'),
  ...linesOf('receive', 'a hundred'),
  // Who receives does not know who else did.
  ...linesOf('send', 'a hundred, all away'),
]

/** One message from Alice's call to Bob's acknowledgement, without what lies between them. */
const conversation =
  ({ alice, bob, channelId }: TimedGroup, name: Case, watch: Stopwatch<Part>): Turn<Name> =>
  async () => {
    const samples: Partial<Record<Name, number[]>> = {}
    const measure = async <T>(step: Step, work: () => Promise<T>): Promise<T> => {
      await setImmediate()
      watch.reset()
      const started = performance.now()
      const value = await work()
      const all = performance.now() - started
      const parts = PARTS[step].map(([what, part]): [What, number] => [what, watch.spent(part)])
      const rest = all - parts.reduce((sum, [, ms]) => sum + ms, 0)
      for (const [what, ms] of [...parts, ['in all', all] as const, ['the rest', rest] as const])
        (samples[`${step} among ${name}: ${what}`] ??= []).push(ms)
      return value
    }
    for (let i = 0; i < MESSAGES_A_ROUND; i++) {
      const { objectId } = await measure('send', () => alice.group.send(channelId, TEXT, null))
      const object = alice.store.objects.get(objectId)
      if (object === null) throw new Error('what was sent is stored')
      const ack = await measure('receive', () => receiveObject(bob.group, { eid: object.eid, bytes: object.bytes }))
      if (ack !== 'stored') throw new Error(`not taken: ${ack}`)
      if (CASES[name].here)
        alice.store.transaction((tx) => tx.deliveries.of(objectId).forEach((d) => tx.deliveries.ack(objectId, d.memberId, 1)))
    }
    return samples
  }

function growth(rows: readonly Row[], step: Step): string {
  const of = (name: Case, what: What): number => rows.find((row) => row.name === `${step} among ${name}: ${what}`)?.median ?? NaN
  const work = (name: Case): string => (of(name, 'in all') - of(name, 'commit')).toFixed(2)
  return `${step}: ${work('two')} ms of work beside the disk's among two, ${work('a hundred')} ms among a hundred`
}

async function main(): Promise<void> {
  const report = await begin('message-cost', 'where the time of a message goes at either end, and whether it grows with the group')
  const folder = await mkdtemp(join(tmpdir(), 'spacepanda-bench-'))
  const watch = new Stopwatch<Part>()
  const groups: TimedGroup[] = []
  const bare = await newStore(join(folder, 'bare'))
  try {
    const turns: Turn<Name>[] = [() => Promise.resolve({ 'one durable row': durableRows(bare, MESSAGE_BYTES, MESSAGES_A_ROUND) })]
    for (const name of Object.keys(CASES) as Case[]) {
      const group = await timedGroup(join(folder, String(groups.length)), CASES[name].size, watch)
      groups.push(group)
      turns.push(conversation(group, name, watch))
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
    bare.close()
    await rm(folder, { recursive: true, force: true })
  }
}

await main()
