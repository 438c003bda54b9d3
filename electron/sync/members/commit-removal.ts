import type { MemberId } from '../../../shared/domain/ids.ts'
import { makeCommit } from '../group/change-group.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { messagesOf } from '../group/messages-of.ts'
import { encodeSettings } from '../policy/settings.ts'
import type { Removal, Standing } from './removal.ts'

export const standingOf = (group: LiveGroup): Standing => ({
  settings: group.tip.settings,
  members: group.members(),
  presenceKey: group.deps.random.bytes(32),
})

/** Commits that somebody goes; nothing is owed to them any more. Call inside `exclusive`. */
export async function commitRemoval(
  group: LiveGroup,
  memberId: MemberId,
  { settings, removeLeaves }: Removal,
  authenticatedData: Uint8Array,
): Promise<void> {
  const { groupId } = group
  const { store, events } = group.deps
  const forgiven: Parameters<typeof messagesOf>[1][number][] = []
  await makeCommit(group, { removeLeaves, settings: encodeSettings(settings), authenticatedData }, (tx) => {
    forgiven.push(...tx.deliveries.forgive(groupId, memberId))
  })
  events.deliveryChanged(groupId, messagesOf(store, forgiven))
}
