import type { MemberId } from '../../../shared/domain/ids.ts'
import type { GroupEngine } from '../../crypto/mls/group-engine.ts'
import type { ChannelRow, MemberRow, Repositories, SpaceRow } from '../../ports/store.ts'
import { takeUp } from '../delivery/set-aside.ts'
import { noteArrivals } from '../history/arrivals.ts'
import { isChannelHere } from '../policy/channel-id.ts'
import { lostBeside } from './lost-channels.ts'
import type { Tip } from './next-tip.ts'

/** Writes what the window draws of an epoch, from its settings and its ratchet tree, and what follows from who is in it. */
export function mirror(tx: Repositories, engine: GroupEngine, { settings, state }: Pick<Tip, 'settings' | 'state'>): void {
  const groupId = engine.groupId(state)
  const space: SpaceRow = { groupId, kind: settings.kind, parent: engine.parent(state), name: settings.name, createdAt: settings.createdAt }
  const channels = settings.channels.flatMap((channel, position): ChannelRow | [] =>
    isChannelHere(tx, groupId, channel.channelId) ? { ...channel, groupId, position } : [],
  )
  const lost = lostBeside(tx, groupId, new Set(channels.map(({ channelId }) => channelId)))
  const members = new Map<MemberId, MemberRow>()
  for (const leaf of engine.members(state)) {
    const known = members.get(leaf.memberId)
    members.set(leaf.memberId, {
      groupId,
      memberId: leaf.memberId,
      name: leaf.name,
      role: settings.roles.get(leaf.memberId) ?? 'guest',
      devices: (known?.devices ?? 0) + 1,
      active: true,
    })
  }
  noteArrivals(tx, groupId, new Set(members.keys()))
  takeUp(tx, engine, state)
  tx.directory.replace(space, [...channels, ...lost], [...members.values()])
}
