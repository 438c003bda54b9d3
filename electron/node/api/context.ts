import type { Openers, Profile } from '../../../shared/domain/models.ts'
import type { NodeEvent } from '../../../shared/ipc/events.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import type { Work } from '../../kernel/work.ts'
import type { openStore } from '../../storage/open-store.ts'
import type { Housekeeping } from '../housekeeping/housekeeping.ts'
import type { Messenger } from '../messenger.ts'
import type { NodeOptions } from '../node-handle.ts'
import type { ProfileRecord } from '../profile/profile-record.ts'
import type { Tasks } from '../tasks.ts'

/** What an open profile's calls work with. */
export interface OpenProfile {
  messenger: Messenger
  record: ProfileRecord
  /** The database below the messenger, with what only copies and checks of it need. */
  store: ReturnType<typeof openStore>
  /** Opens the database. Wiped when the profile is closed: take it where it is needed and keep it nowhere. */
  key: Redacted<Uint8Array>
  /** What it does by itself from time to time; started once the messenger runs. */
  housekeeping: Housekeeping
  openers: Openers
}

export interface ApiContext {
  /** Throws `AppError('no-profile' | 'locked' | 'stopping')` unless a profile is open. */
  open(): OpenProfile
  /** The open profile, or null. */
  opened(): OpenProfile | null
  emit(event: NodeEvent): void
  /** Of the node, not of a profile: they go on without one, but locking cancels them. */
  readonly tasks: Tasks
  readonly options: NodeOptions
  /**
   * Runs `work` alone, with no profile open: one that is open is closed before and opened again after, however it ends.
   * Nobody opens, locks or makes a profile meanwhile. `key` is that of the profile that was open, else null; it must not be kept.
   * Call it inside a task, with the task's own signal: aborted before its turn came, it throws `AppError('cancelled')` and does nothing.
   */
  whileClosed<T>(control: Pick<Work, 'signal'>, work: (key: Redacted<Uint8Array> | null) => Promise<T>): Promise<T>
}

export function profileView({ messenger, record, openers }: OpenProfile): Profile {
  const { network } = messenger
  return { ...record, peerId: network.localPeer, addresses: network.addresses(), ...openers }
}
