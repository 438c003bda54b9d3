import type { ConnectionCheck } from '../../../shared/domain/connection-check.ts'
import type { MailboxStatus } from '../../../shared/domain/models.ts'
import type { Clock } from '../../kernel/clock.ts'
import { stopIfCancelled, type Work } from '../../kernel/work.ts'
import type { Network } from '../../ports/network.ts'
import type { Repositories } from '../../ports/store.ts'
import { forNetwork, readReach } from '../meeting/reach.ts'
import { judgeChoice, judgeDevice, judgeOutside, judgePeople, judgeRelay } from './judge.ts'
import { peopleOf } from './people.ts'

interface Parts {
  store: Repositories
  network: Network
  clock: Clock
  mailboxes: () => readonly MailboxStatus[]
}

/** How long those who are being dialled are waited for: a few addresses, each for its time. */
const PATIENCE_MS = 15_000
/** The end of an id, by which a person tells relays apart. */
const SHORT = 6
const BUSY: ReadonlySet<string> = new Set(['dialing', 'handshaking', 'proving'])

/** Tries one thing after another, the nearest first. Throws `AppError('cancelled')`. */
export async function testConnection({ store, network, clock, mailboxes }: Parts, work: Work): Promise<ConnectionCheck[]> {
  const { level, relays } = forNetwork(readReach(store))
  const tried = level === 'local' ? [] : relays
  const total = tried.length + 2
  const step = (done: number): void => {
    stopIfCancelled(work)
    work.progress(done, total)
  }
  step(0)
  network.retryNow()
  const checks = [...judgeDevice(network.reached(), network.addresses()), ...judgeChoice(level, tried.length)]
  for (const [done, address] of tried.entries()) {
    step(done + 1)
    const probe = await network.probeRelay(address, work.signal)
    stopIfCancelled(work)
    const mailbox = mailboxes().find(({ peerId }) => address.endsWith(`/${peerId}`))?.state ?? 'unknown'
    checks.push(...judgeRelay(address.slice(-SHORT), probe, mailbox))
  }
  step(total - 1)
  await untilNobodyIsDialled(network, clock, work.signal)
  step(total)
  const { connected, away } = peopleOf(store, network, level)
  return [...checks, ...judgeOutside(level, network.reached().outside), judgePeople(connected, away)]
}

function untilNobodyIsDialled(network: Network, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancelTimer()
      unsubscribe()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const look = (): void => {
      if (signal.aborted || !network.sessions().some(({ state }) => BUSY.has(state))) end()
    }
    const cancelTimer = clock.after(PATIENCE_MS, end)
    const unsubscribe = network.on('changed', look)
    signal.addEventListener('abort', end)
    look()
  })
}
