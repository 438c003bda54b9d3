import { X25519_SUITE, XWING_SUITE } from '../electron/crypto/mls/index.ts'
import type { GroupState } from '../electron/crypto/mls/index.ts'
import { utf8 } from '../electron/kernel/bytes.ts'
import { plot } from './lib/plot.ts'
import { begin, rowsOf } from './lib/report.ts'
import type { Line, Row } from './lib/report.ts'
import { alternate } from './lib/rounds.ts'
import type { Turn } from './lib/rounds.ts'
import { TEXT } from './lib/sample-message.ts'
import { commitOf, receivedBy, sizedGroup } from './lib/sized-group.ts'
import type { SizedGroup } from './lib/sized-group.ts'
import { bytesIn } from './lib/written.ts'

const ROUNDS = 5
const MESSAGES_A_ROUND = 10
const SIZES = [2, 10, 25, 50, 100, 250] as const
const SUITES = { X25519: X25519_SUITE, 'X-Wing': XWING_SUITE } as const
/** Of time, from the second size to the last: what is linear doubles. */
const MOST_PER_DOUBLING = 2.1

type Size = (typeof SIZES)[number]
type Suite = keyof typeof SUITES
const TIMES = [
  'add a member',
  'follow an addition',
  'change settings',
  'follow a change of settings',
  'renew keys, cold tree',
  'renew keys, warm tree',
  'join',
  'encrypt',
  'decrypt',
] as const
const WEIGHTS = [
  'an addition',
  'a change of settings',
  'a renewal, cold tree',
  'a Welcome',
  'a message',
  'stored for it, sent',
  'stored for it, received',
] as const
type What = (typeof TIMES)[number] | (typeof WEIGHTS)[number]
type Name = `${Suite}, ${What}, ${Size}`

const WHATS: readonly What[] = [...TIMES, ...WEIGHTS]
const suiteNames = Object.keys(SUITES) as Suite[]
const LINES: Line<Name>[] = suiteNames.flatMap((suite) =>
  WHATS.flatMap((what) =>
    SIZES.map((size, i): Line<Name> => {
      const before = SIZES[i - 1]
      const unit = (TIMES as readonly What[]).includes(what) ? 'ms' : 'B'
      return { name: `${suite}, ${what}, ${size}`, unit, against: before === undefined ? null : `${suite}, ${what}, ${before}` }
    }),
  ),
)

const measuring = (group: SizedGroup, suite: Suite, size: Size): Turn<Name> => {
  const { engine, cold, warm, newest, welcome, pair, groupId, stranger } = group
  let sender: GroupState = warm
  let reader: GroupState = newest
  return async () => {
    const samples: Partial<Record<Name, number[]>> = {}
    const note = (what: What, value: number): void => void (samples[`${suite}, ${what}, ${size}`] ??= []).push(value)
    const timed = async <T>(what: What, work: () => Promise<T>): Promise<T> => {
      const started = performance.now()
      const value = await work()
      note(what, performance.now() - started)
      return value
    }
    const added = await timed('add a member', () => commitOf(engine, warm, { add: [stranger] }))
    await timed('follow an addition', () => receivedBy(engine, newest, added.commit))
    const changed = await timed('change settings', () =>
      commitOf(engine, warm, { settings: utf8('other settings, as long as these were') }),
    )
    await timed('follow a change of settings', () => receivedBy(engine, newest, changed.commit))
    const renewed = await timed('renew keys, cold tree', () => commitOf(engine, cold, {}))
    await timed('renew keys, warm tree', () => commitOf(engine, warm, {}))
    await timed('join', () => engine.join(groupId, welcome, [pair]))
    note('an addition', added.commit.length)
    note('a change of settings', changed.commit.length)
    note('a renewal, cold tree', renewed.commit.length)
    note('a Welcome', welcome.length)
    for (let i = 0; i < MESSAGES_A_ROUND; i++) {
      const [from, to] = [sender, reader]
      const sent = await timed('encrypt', () => engine.encrypt(from, utf8(TEXT), new Uint8Array()))
      const read = await timed('decrypt', () => receivedBy(engine, to, sent.message))
      note('a message', sent.message.length)
      // The first of an epoch also stores the way to its sender's secrets.
      if (from !== warm) {
        note('stored for it, sent', bytesIn(engine.moved(from, sent.state)))
        note('stored for it, received', bytesIn(engine.moved(to, read.state)))
      }
      sender = sent.state
      reader = read.state
    }
    return samples
  }
}

/** By which a doubling of the size multiplies it, between the second size and the last. */
function perDoubling(values: readonly number[]): number {
  const [small, large] = [values[1] ?? NaN, values.at(-1) ?? NaN]
  const [from, to] = [SIZES[1], SIZES.at(-1) ?? NaN]
  return (large / small) ** (1 / Math.log2(to / from))
}

function notes(rows: readonly Row[]): string[] {
  const median = (name: Name): number => rows.find((row) => row.name === name)?.median ?? NaN
  const series = suiteNames.flatMap((suite) =>
    WHATS.map((what) => ({ suite, what, values: SIZES.map((size) => median(`${suite}, ${what}, ${size}`)) })),
  )
  const curves = series.map(({ suite, what, values }) => ({
    name: `${suite}, ${what}`,
    values,
    remark: `× ${perDoubling(values).toFixed(2)} a doubling`,
  }))
  const times = series.filter(({ what }) => (TIMES as readonly What[]).includes(what))
  const steep = times.filter(({ values }) => perDoubling(values) > MOST_PER_DOUBLING)
  const stored = series.filter(({ what }) => what.startsWith('stored for it'))
  const grows = stored.some(({ values }) => values.some((value) => value !== values[0]))
  return [
    ...plot(SIZES, curves),
    steep.length === 0
      ? `nothing grows faster than the group (at most × ${MOST_PER_DOUBLING} a doubling from ${SIZES[1]} to ${SIZES.at(-1)})`
      : `FASTER than the group grow: ${steep.map(({ suite, what }) => `${suite}, ${what}`).join('; ')}`,
    `state stored for a message ${grows ? 'GROWS' : 'does not grow'} with the group`,
  ]
}

async function main(): Promise<void> {
  const report = await begin(
    'group-size',
    'commit, join and message against the size of the group, each beside the same in the next smaller one',
  )
  const turns: Turn<Name>[] = []
  for (const suite of suiteNames) for (const size of SIZES) turns.push(measuring(await sizedGroup(size, SUITES[suite]), suite, size))
  const measured = await alternate(
    LINES.map((line) => line.name),
    turns,
    { rounds: ROUNDS, warmUp: 1, budgetMs: 30_000 },
  )
  const rows = rowsOf(LINES, measured)
  await report.finish(rows, notes(rows))
}

await main()
