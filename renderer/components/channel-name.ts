import { Hash, Lock, UserRound } from 'lucide-react'
import type { Channel } from '../../shared/domain/models.ts'
import { safeName } from './safe-text.ts'

/** A channel as it is written of: `#general`, or the person a direct message is with. */
export const channelName = ({ kind, name }: Pick<Channel, 'kind' | 'name'>): string => (kind === 'direct' ? '' : '#') + safeName(name)

export const channelIcons = { open: Hash, pseudonymous: Hash, private: Lock, direct: UserRound }
