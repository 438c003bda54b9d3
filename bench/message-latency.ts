import type { NodeEvent } from '../shared/ipc/events.ts'
import { durableRows } from './lib/durable-row.ts'
import { sharedNow } from './lib/echo.ts'
import type { EchoClient } from './lib/echo.ts'
import { runFarEnd } from './lib/far-end.ts'
import { FAR_END, makePair } from './lib/pair.ts'
import type { Pair } from './lib/pair.ts'
import { begin, rowsOf } from './lib/report.ts'
import type { Line } from './lib/report.ts'
import { alternate } from './lib/rounds.ts'
import { messageBytes, TEXT } from './lib/sample-message.ts'

const ROUNDS = 15
const MESSAGES_A_ROUND = 12

type Name =
  | 'one durable row'
  | 'raw TCP, there'
  | 'raw libp2p, there'
  | 'SpacePanda, added there'
  | 'raw TCP, there and back'
  | 'raw libp2p, there and back'
  | 'SpacePanda, stored here'
  | 'SpacePanda, delivered'

const LINES: Line<Name>[] = [
  { name: 'one durable row', unit: 'ms', against: null },
  { name: 'raw TCP, there', unit: 'ms', against: null },
  { name: 'raw libp2p, there', unit: 'ms', against: 'raw TCP, there' },
  { name: 'SpacePanda, added there', unit: 'ms', against: 'raw libp2p, there' },
  { name: 'raw TCP, there and back', unit: 'ms', against: null },
  { name: 'raw libp2p, there and back', unit: 'ms', against: 'raw TCP, there and back' },
  { name: 'SpacePanda, stored here', unit: 'ms', against: 'one durable row' },
  { name: 'SpacePanda, delivered', unit: 'ms', against: 'raw libp2p, there and back' },
]

/** One at a time, each begun when the one before came back. */
async function echoes(client: EchoClient, there: Name, back: Name): Promise<Partial<Record<Name, number[]>>> {
  const samples = []
  for (let i = 0; i < MESSAGES_A_ROUND; i++) samples.push(await client.once())
  return { [there]: samples.map((s) => s.there), [back]: samples.map((s) => s.back) }
}

/** Resolves at the delivery of whichever message of ours is delivered next; only one is on its way at a time. */
function nextDelivery(pair: Pair): Promise<number> {
  return new Promise((resolve) => {
    const unsubscribe = pair.alice.on((event: NodeEvent) => {
      if (event.event !== 'message.changed' || event.data.delivery.state !== 'delivered') return
      unsubscribe()
      resolve(sharedNow())
    })
  })
}

async function messages(pair: Pair): Promise<Partial<Record<Name, number[]>>> {
  const sent: { messageId: string; started: number; stored: number; delivered: number }[] = []
  for (let i = 0; i < MESSAGES_A_ROUND; i++) {
    const delivery = nextDelivery(pair)
    const started = sharedNow()
    const { messageId } = await pair.alice.api['messages.send']({ channelId: pair.channelId, text: TEXT, replyTo: null })
    const stored = sharedNow() - started
    sent.push({ messageId, started, stored, delivered: (await delivery) - started })
  }
  const { at } = await pair.arrivals()
  return {
    'SpacePanda, added there': sent.map(({ messageId, started }) => (at.get(messageId) ?? NaN) - started),
    'SpacePanda, stored here': sent.map(({ stored }) => stored),
    'SpacePanda, delivered': sent.map(({ delivered }) => delivered),
  }
}

async function main(): Promise<void> {
  const bytes = await messageBytes()
  const report = await begin(
    'message-latency',
    `how long one message takes, beside ${bytes} bytes on a bare connection of the same two processes`,
  )
  const pair = await makePair(bytes)
  try {
    const measured = await alternate(
      LINES.map((line) => line.name),
      [
        () => echoes(pair.tcp, 'raw TCP, there', 'raw TCP, there and back'),
        () => echoes(pair.libp2p, 'raw libp2p, there', 'raw libp2p, there and back'),
        () => Promise.resolve({ 'one durable row': durableRows(pair.bare, bytes, MESSAGES_A_ROUND) }),
        () => messages(pair),
      ],
      { rounds: ROUNDS, warmUp: 5, budgetMs: 15_000 },
    )
    await report.finish(rowsOf(LINES, measured), [])
  } finally {
    await pair.stop()
  }
}

if (process.argv[2] === FAR_END) runFarEnd()
else await main()
