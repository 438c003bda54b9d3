import type { ChannelId } from '../../../shared/domain/ids.ts'
import type { HistoryPolicy } from '../../../shared/domain/models.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { carryOut } from '../intents/carry-out.ts'
import type { Intent } from '../intents/intent.ts'
import type { Capability } from '../policy/roles.ts'

/** Changes of a space that make nobody come or go; each is durable when it resolves, and does nothing where nothing changes. */

export const renameSpace = (group: LiveGroup, name: string): Promise<void> =>
  change(group, 'manageSpace', 'rename it', { kind: 'rename', name })

export const renameChannel = (group: LiveGroup, channelId: ChannelId, name: string): Promise<void> =>
  change(group, 'manageChannels', 'rename channels', { kind: 'rename-channel', channelId, name })

export const setHistory = (group: LiveGroup, history: HistoryPolicy): Promise<void> =>
  change(group, 'manageSpace', 'say what newcomers are given', { kind: 'set-history', history })

function change(group: LiveGroup, right: Capability, what: string, intent: Intent): Promise<void> {
  return group.exclusive(async () => {
    group.demand(right, what)
    await carryOut(group, intent)
  })
}
