import { Hash, Lock, UserRound } from 'lucide-react'
import type { Channel } from '../../shared/domain/models.ts'
import { safeName } from './safe-text.ts'

/** A channel as it is written of: `#general`; a private one, which has a lock where there is room for it, and the person a direct message is with by name alone. */
export const channelName = ({ kind, name }: Pick<Channel, 'kind' | 'name'>): string =>
  (kind === 'direct' || kind === 'private' ? '' : '#') + safeName(name)

/** Whether a conversation of two is over: whoever it was with is out of it, or this device is. There may be another one with the same person. */
export const hasEnded = ({ kind, with: person, status }: Pick<Channel, 'kind' | 'with' | 'status'>): boolean =>
  kind === 'direct' && (person === null || status.kind !== 'member')

export const channelIcons = { open: Hash, pseudonymous: Hash, private: Lock, direct: UserRound }
