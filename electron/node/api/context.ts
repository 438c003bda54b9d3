import type { Profile } from '../../../shared/domain/models.ts'
import type { NodeEvent } from '../../../shared/ipc/events.ts'
import type { Messenger } from '../messenger.ts'
import type { ProfileRecord } from '../profile-record.ts'

/** What an open profile's calls work with. */
export interface OpenProfile {
  messenger: Messenger
  record: ProfileRecord
  passphrase: boolean
}

export interface ApiContext {
  /** Throws `AppError('no-profile' | 'locked')` unless a profile is open. */
  open(): OpenProfile
  emit(event: NodeEvent): void
}

export function profileView({ messenger, record, passphrase }: OpenProfile): Profile {
  const { network } = messenger
  return { ...record, peerId: network.localPeer, addresses: network.addresses(), passphrase, recovery: false }
}
