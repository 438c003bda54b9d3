import type { ChannelId } from '../../../shared/domain/ids.ts'
import type { HistoryPolicy } from '../../../shared/domain/models.ts'
import { commitChange } from '../group/change-group.ts'
import type { LiveGroup } from '../group/live-group.ts'
import type { Capability } from '../policy/roles.ts'
import type { SpaceSettings } from '../policy/settings.ts'
import { withChannelName, withHistory, withName } from '../policy/transitions.ts'

/** Changes of a space that make nobody come or go; each is durable when it resolves, and does nothing where nothing changes. */

export const renameSpace = (group: LiveGroup, name: string): Promise<void> =>
  change(group, 'manageSpace', 'rename it', (settings) => (settings.name === name ? null : withName(settings, name)))

export const renameChannel = (group: LiveGroup, channelId: ChannelId, name: string): Promise<void> =>
  change(group, 'manageChannels', 'rename channels', (settings) =>
    settings.channels.some((c) => c.channelId === channelId && c.name === name) ? null : withChannelName(settings, channelId, name),
  )

export const setHistory = (group: LiveGroup, history: HistoryPolicy): Promise<void> =>
  change(group, 'manageSpace', 'say what newcomers are given', (settings) =>
    isSame(settings.history, history) ? null : withHistory(settings, history),
  )

const isSame = (a: HistoryPolicy, b: HistoryPolicy): boolean =>
  a.kind === b.kind && (a.kind === 'last' ? a.count : 0) === (b.kind === 'last' ? b.count : 0)

/** `wish` gives the settings it would have, or null where they are so already. */
function change(group: LiveGroup, right: Capability, what: string, wish: (settings: SpaceSettings) => SpaceSettings | null): Promise<void> {
  return group.exclusive(async () => {
    group.demand(right, what)
    const after = wish(group.tip.settings)
    if (after !== null) await commitChange(group, after, [], () => undefined)
  })
}
