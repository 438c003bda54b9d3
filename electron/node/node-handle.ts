import type { Api } from '../../shared/ipc/contract.ts'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Random } from '../kernel/random.ts'
import type { KeyVault } from '../ports/key-vault.ts'

/**
 * The messenger of one profile folder: calls in, events out, all plain data, so that it can run in the main process,
 * in a worker or in a terminal. It starts without a profile; `profile.status` says what to do next.
 */
export interface NodeHandle {
  readonly api: Api
  on(listener: (event: NodeEvent) => void): () => void
  /** The computer goes to sleep: what was written last is on its way to others before that. Changes nothing, and is over in two seconds. */
  sleeps(): Promise<void>
  /** Stops sessions, finishes what is being stored, closes the database and the local socket. Safe to call twice. */
  stop(): Promise<void>
  /**
   * Lets go of what native libraries hold in this process, of any node in it: once, last, where the process then takes Node's objects apart,
   * as Electron does. Takes some milliseconds, 10 s at most, in which nothing else is done.
   */
  release(): Promise<void>
}

export interface NodeOptions {
  /** The profile folder; made (mode 0700) when a profile is created. */
  dataDir: string
  /** The system's keyring; null in a terminal. */
  keyVault: KeyVault | null
  logger: Logger
  clock: Clock
  random: Random
  /** How long a guess at a passphrase that is chosen now shall take, in milliseconds. Given by tests in the same process alone. */
  passphraseWorkMs?: number
  /**
   * A window waits for it: a profile counts as open before its network runs, and `createNode` answers then. Else all of it runs when it counts as
   * open, as whoever gives one command and ends wants it.
   */
  early?: boolean
  network: {
    /** Listen and announce on the loopback interface only: for tests and demonstrations. */
    loopbackOnly: boolean
    mdns: boolean
    webrtc: boolean
    /** Dial only these TCP ports of this machine, each by way of another: for tests of real processes. */
    via?: (tcpPort: number) => number | null
  }
}
