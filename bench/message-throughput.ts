import { setImmediate } from 'node:timers/promises'
import { sharedNow } from './lib/echo.ts'
import { runFarEnd } from './lib/far-end.ts'
import { FAR_END, makePair } from './lib/pair.ts'
import type { Pair } from './lib/pair.ts'
import { begin, rowsOf } from './lib/report.ts'
import type { Line, Row } from './lib/report.ts'
import { alternate } from './lib/rounds.ts'
import { messageBytes, TEXT } from './lib/sample-message.ts'
import { Stalls } from './lib/stalls.ts'

const ROUNDS = 5
const MESSAGES = 500
/** Bare connections are done with 500 before a timer could tell. */
const BARE_MESSAGES = 5_000

type Name = 'raw TCP' | 'raw libp2p' | 'SpacePanda, stored here' | 'SpacePanda, delivered' | 'longest stall here' | 'longest stall there'

const LINES: Line<Name>[] = [
  { name: 'raw TCP', unit: 'µs', against: null },
  { name: 'raw libp2p', unit: 'µs', against: 'raw TCP' },
  { name: 'SpacePanda, stored here', unit: 'µs', against: 'raw libp2p' },
  { name: 'SpacePanda, delivered', unit: 'µs', against: 'raw libp2p' },
  { name: 'longest stall here', unit: 'ms', against: null },
  { name: 'longest stall there', unit: 'ms', against: null },
]

/** Resolves when `count` messages of ours were delivered, each counted once. */
function deliveries(pair: Pair, count: number): Promise<number> {
  return new Promise((resolve) => {
    const seen = new Set<string>()
    const unsubscribe = pair.alice.on((event) => {
      if (event.event !== 'message.changed' || event.data.delivery.state !== 'delivered') return
      seen.add(event.data.messageId)
      if (seen.size < count) return
      unsubscribe()
      resolve(sharedNow())
    })
  })
}

/** Each is sent as soon as the one before is durable here, whatever became of it; as calls of a window or a terminal come, by a turn of the event loop. */
async function messages(pair: Pair, stalls: Stalls): Promise<Partial<Record<Name, number[]>>> {
  const all = deliveries(pair, MESSAGES)
  await pair.arrivals()
  stalls.take()
  const started = sharedNow()
  for (let i = 0; i < MESSAGES; i++) {
    await pair.alice.api['messages.send']({ channelId: pair.channelId, text: TEXT, replyTo: null })
    await setImmediate()
  }
  const stored = sharedNow() - started
  const delivered = (await all) - started
  return {
    'SpacePanda, stored here': [(stored * 1000) / MESSAGES],
    'SpacePanda, delivered': [(delivered * 1000) / MESSAGES],
    'longest stall here': [stalls.take()],
    'longest stall there': [(await pair.arrivals()).longestStall],
  }
}

const perSecond = ({ name, median }: Row): string => `${name}: ${Math.round(1e6 / median).toLocaleString('en')} a second`

async function main(): Promise<void> {
  const bytes = await messageBytes()
  const report = await begin(
    'message-throughput',
    `time for each of ${MESSAGES} messages sent back to back until all are delivered, beside ${bytes} bytes each on a bare connection`,
  )
  const pair = await makePair(bytes)
  const stalls = new Stalls()
  try {
    const measured = await alternate<Name>(
      LINES.map((line) => line.name),
      [
        async () => ({ 'raw TCP': [((await pair.tcp.flood(BARE_MESSAGES)) * 1000) / BARE_MESSAGES] }),
        async () => ({ 'raw libp2p': [((await pair.libp2p.flood(BARE_MESSAGES)) * 1000) / BARE_MESSAGES] }),
        () => messages(pair, stalls),
      ],
      { rounds: ROUNDS, warmUp: 1, budgetMs: 30_000 },
    )
    const rows = rowsOf(LINES, measured)
    await report.finish(rows, rows.filter((row) => row.unit === 'µs').map(perSecond))
  } finally {
    await pair.stop()
  }
}

if (process.argv[2] === FAR_END) runFarEnd()
else await main()
