import { join } from 'node:path'
import type { Logger } from '../kernel/logger.ts'
import { createRelayNode, holdRelayFolder, relayKey } from '../node/relay-node.ts'
import type { Relay, RelayCounts, RelayNodeOptions } from '../node/relay-node.ts'
import { openMailbox } from './mailbox/open-mailbox.ts'
import type { OpenMailbox } from './mailbox/open-mailbox.ts'
import { metricsText } from './metrics.ts'
import { serveStatus } from './status-server.ts'

/** How often it says how it is, if anything changed. Of single peers it says nothing. */
const STATUS_MS = 60_000

export type RelayLine =
  | { event: 'ready'; peerId: string; addresses: string[]; metrics: number | null; mailbox: boolean }
  | ({ event: 'status' } & RelayCounts)
  | { event: 'stopped' }

export interface RunOptions extends RelayNodeOptions {
  /** The port for health and metrics on loopback; null for none. */
  metricsPort: number | null
  /** Whether it also keeps ciphertext for members who are away, in a file of its folder. */
  mailbox: boolean
  logger: Logger
  interrupted: AbortSignal
  print: (line: RelayLine) => void
}

const MAILBOX_FILE = 'mailbox.db'

/** Runs a relay until it is interrupted. Throws what `holdRelayFolder`, `openMailbox` and `createRelayNode` throw. */
export async function runRelay(options: RunOptions): Promise<void> {
  const { dataDir, random, clock, logger } = options
  const letGo = holdRelayFolder(dataDir)
  try {
    const file = join(dataDir, MAILBOX_FILE)
    const mailbox = options.mailbox ? await openMailbox({ key: relayKey(dataDir, random), file, clock, logger }) : null
    try {
      await serve(options, mailbox)
    } finally {
      mailbox?.stop()
    }
  } finally {
    letGo()
  }
  options.print({ event: 'stopped' })
}

async function serve(options: RunOptions, mailbox: OpenMailbox | null): Promise<void> {
  const { clock, metricsPort, print } = options
  const startedAt = clock.now()
  const relay = await createRelayNode({ ...options, mounted: mailbox === null ? [] : [mailbox.protocol] })
  const numbers = (): string => metricsText(relay.counts(), mailbox?.metrics() ?? null, clock.now() - startedAt)
  try {
    const status = metricsPort === null ? null : await serveStatus(metricsPort, numbers)
    try {
      const ready = { peerId: relay.peerId, addresses: relay.addresses(), metrics: status?.port ?? null }
      print({ event: 'ready', ...ready, mailbox: mailbox !== null })
      await untilInterrupted(options.interrupted, () => tellStatus(options, relay))
    } finally {
      await status?.stop()
    }
  } finally {
    await relay.stop()
  }
}

/** Answers what ends it. */
function tellStatus({ clock, print }: RunOptions, relay: Relay): () => void {
  let cancel = (): void => undefined
  let told = ''
  const arm = (): void => {
    cancel = clock.after(STATUS_MS, () => {
      const counts = relay.counts()
      if (JSON.stringify(counts) !== told) print({ event: 'status', ...counts })
      told = JSON.stringify(counts)
      arm()
    })
  }
  arm()
  return () => cancel()
}

async function untilInterrupted(interrupted: AbortSignal, begin: () => () => void): Promise<void> {
  if (interrupted.aborted) return
  const end = begin()
  await new Promise<void>((resolve) => interrupted.addEventListener('abort', () => resolve(), { once: true }))
  end()
}
