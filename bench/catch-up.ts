import { runFarEnd } from './lib/far-end.ts'
import { FAR_END, makePair } from './lib/pair.ts'
import type { Pair } from './lib/pair.ts'
import { begin, rowsOf } from './lib/report.ts'
import type { Line, Row } from './lib/report.ts'
import { alternate } from './lib/rounds.ts'
import { messageBytes, TEXT } from './lib/sample-message.ts'

const ROUNDS = 3
const MESSAGES = 10_000
/** Bounds of the issue: of the whole, and of how late the event loop comes round meanwhile. */
const MOST_MS = 60_000
const MOST_DELAY_MS = 50

type Name = 'raw libp2p, as many' | 'back, with all of them' | 'event loop, p99 of delay'

const LINES: Line<Name>[] = [
  { name: 'raw libp2p, as many', unit: 'ms', against: null },
  { name: 'back, with all of them', unit: 'ms', against: 'raw libp2p, as many' },
  { name: 'event loop, p99 of delay', unit: 'ms', against: null },
]

async function catchUp(pair: Pair): Promise<Partial<Record<Name, number[]>>> {
  await pair.away()
  for (let i = 0; i < MESSAGES; i++) await pair.alice.api['messages.send']({ channelId: pair.channelId, text: TEXT, replyTo: null })
  const { tookMs, p99DelayMs } = await pair.back(MESSAGES)
  return { 'back, with all of them': [tookMs], 'event loop, p99 of delay': [p99DelayMs] }
}

const verdict = (rows: readonly Row[], name: Name, bound: number): string => {
  const worst = rows.find((row) => row.name === name)?.p95 ?? Number.POSITIVE_INFINITY
  return `${name}: ${worst <= bound ? 'within' : 'NOT within'} ${bound} ms`
}

async function main(): Promise<void> {
  const report = await begin(
    'catch-up',
    `from starting a node that was away to its having ${MESSAGES} messages, process start not included`,
  )
  const pair = await makePair(await messageBytes())
  try {
    const measured = await alternate<Name>(
      LINES.map((line) => line.name),
      [async () => ({ 'raw libp2p, as many': [await pair.libp2p.flood(MESSAGES)] }), () => catchUp(pair)],
      { rounds: ROUNDS, warmUp: 0, budgetMs: 240_000 },
    )
    const rows = rowsOf(LINES, measured)
    await report.finish(rows, [verdict(rows, 'back, with all of them', MOST_MS), verdict(rows, 'event loop, p99 of delay', MOST_DELAY_MS)])
  } finally {
    await pair.stop()
  }
}

if (process.argv[2] === FAR_END) runFarEnd()
else await main()
