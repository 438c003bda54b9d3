import { createRelayNode } from '../node/relay-node.ts'
import type { RelayCounts, RelayNodeOptions } from '../node/relay-node.ts'
import { metricsText } from './metrics.ts'
import { serveStatus } from './status-server.ts'

/** How often it says how it is, if anything changed. Of single peers it says nothing. */
const STATUS_MS = 60_000

export type RelayLine =
  | { event: 'ready'; peerId: string; addresses: string[]; metrics: number | null }
  | ({ event: 'status' } & RelayCounts)
  | { event: 'stopped' }

export interface RunOptions extends RelayNodeOptions {
  /** The port for health and metrics on loopback; null for none. */
  metricsPort: number | null
  interrupted: AbortSignal
  print: (line: RelayLine) => void
}

/** Runs a relay until it is interrupted. */
export async function runRelay({ metricsPort, interrupted, print, ...options }: RunOptions): Promise<void> {
  const { clock } = options
  const startedAt = clock.now()
  const relay = await createRelayNode(options)
  try {
    const status = metricsPort === null ? null : await serveStatus(metricsPort, () => metricsText(relay.counts(), clock.now() - startedAt))
    try {
      print({ event: 'ready', peerId: relay.peerId, addresses: relay.addresses(), metrics: status?.port ?? null })
      await untilInterrupted(interrupted, () => tellStatus())
    } finally {
      await status?.stop()
    }
  } finally {
    await relay.stop()
  }
  print({ event: 'stopped' })

  function tellStatus(): () => void {
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
}

async function untilInterrupted(interrupted: AbortSignal, begin: () => () => void): Promise<void> {
  if (interrupted.aborted) return
  const end = begin()
  await new Promise<void>((resolve) => interrupted.addEventListener('abort', () => resolve(), { once: true }))
  end()
}
