import type { SpaceSettings } from '../../../sync/policy/settings.ts'
import { encodeSettings } from '../../../sync/policy/settings.ts'
import { invitationProblem } from '../../../sync/policy/transitions.ts'
import { toHex } from '../../../kernel/bytes.ts'
import type { MemberId } from '../../../../shared/domain/ids.ts'
import { isLost } from '../../../sync/group/lost-channels.ts'
import { removalsOf } from '../../../sync/members/removed.ts'
import { isAstray } from '../../../sync/returning/astray.ts'
import type { SimNode } from '../node/sim-node.ts'
import { short } from '../trace.ts'
import { violation } from '../violation.ts'
import type { Violation } from '../violation.ts'
import type { World } from '../world.ts'

/** Where one member is, as anybody could compare it. */
interface Standing {
  node: SimNode
  eid: string
  epoch: number
  settings: SpaceSettings
  roster: string
}

function standingOf(world: World, node: SimNode): Standing {
  const group = node.now.messenger.group(world.groupId)
  const roster = group
    .members()
    .map(({ memberId, deviceId, leafIndex }) => `${leafIndex}:${memberId}/${deviceId}`)
    .join(' ')
  return { node, eid: group.tip.row.tip, epoch: group.tip.row.epoch, settings: group.tip.settings, roster }
}

/** Honest ones who take themselves for members and want to stay. Only with everybody running. */
export const staying = (world: World): SimNode[] =>
  world.honest.filter((node) => node.up && node.takesPart(world.groupId) && !isStranded(world, node))

/** The settings that all agree on, or that of the founder, whom nobody can remove. */
export function settingsOf(world: World): SpaceSettings {
  const [founder] = world.nodes
  if (founder === undefined) throw new Error('somebody is in the group')
  return founder.now.messenger.group(world.groupId).tip.settings
}

/** Whether the invitation that a newcomer came by lets nobody in: it was lost with whoever made it, revoked, or is used up. */
export function isShut(world: World, node: SimNode): boolean {
  const invitation = settingsOf(world).invitations.find((one) => one.invitationId === world.invitations.get(node))
  return invitation === undefined || invitationProblem(invitation, world.schedule.now) !== null
}

/** Whether somebody went by one of the commits that all follow. */
export const isRemoved = (world: World, memberId: MemberId): boolean =>
  world.nodes.some(
    (node) =>
      node.up && node.takesPart(world.groupId) && !node.hostile && removalsOf(node.now.messenger.group(world.groupId), memberId).length > 0,
  )

/**
 * Let in by a commit that lost, of somebody who could not do it again, or removed where it never was. It is told that it has to be let
 * in again, may not write, and asks whomever it meets; there is nobody who could.
 */
function isStranded(world: World, node: SimNode): boolean {
  const row = node.group(world.groupId)
  if (row?.returning !== true || settingsOf(world).roles.has(row.selfMemberId)) return false
  return isShut(world, node) || isRemoved(world, row.selfMemberId)
}

/** Invariants 1 and 3: the same tip, roster, settings and channels everywhere, in memory as it is stored; nobody astray. */
export function agreement(world: World): Violation[] {
  const standings = staying(world).map((node) => standingOf(world, node))
  const [first] = standings
  if (first === undefined) return [violation(1, 'nobody is in the group')]
  const found: Violation[] = []
  const tips = new Set(standings.map(({ eid }) => eid))
  if (tips.size > 1)
    found.push(violation(1, `different tips: ${standings.map((s) => `${s.node.name} ${s.epoch}@${short(s.eid)}`).join(', ')}`))
  for (const { node, eid, settings, roster } of standings) {
    const { store, now } = node
    const row = store.groups.get(world.groupId)
    if (row?.tip !== eid) found.push(violation(10, `${node.name} is in another epoch than is stored`))
    if (isAstray(store, world.groupId)) found.push(violation(1, `${node.name} could not follow and still waits to be let in`))
    if (row?.returning === true) found.push(violation(3, `${node.name} has not come back`))
    if (eid !== first.eid) continue
    if (roster !== first.roster) found.push(violation(1, `${node.name} sees other members than ${first.node.name}`))
    if (toHex(encodeSettings(settings)) !== toHex(encodeSettings(first.settings)))
      found.push(violation(1, `${node.name} sees other settings than ${first.node.name}`))
    const there = store.directory.channels(world.groupId).filter((row) => !isLost(row))
    const drawn = there.map(({ channelId, name }) => `${channelId} ${name}`)
    if (drawn.join() !== settings.channels.map(({ channelId, name }) => `${channelId} ${name}`).join())
      found.push(violation(1, `${node.name} draws other channels than it has`))
    if (now.messenger.group(world.groupId).members().length !== store.directory.members(world.groupId).filter((m) => m.active).length)
      found.push(violation(1, `${node.name} draws other members than it has`))
  }
  return found
}

/** Whether a member knows where it is: it is told there that it is in. Who was removed looks for nobody (SPEC.md T8). */
const isSought = (world: World, node: SimNode, memberId: MemberId): boolean =>
  staying(world).some(
    (other) =>
      other.store.peers.ofGroup(world.groupId).some((row) => row.memberId === memberId) || other.now.network.isConnected(node.peerId),
  )

/** Invariant 7: who counts itself a member is one, who is told that it is out is none, and who leaves gets away. */
export function membership(world: World): Violation[] {
  const { roles } = settingsOf(world)
  return world.honest.flatMap((node) => {
    const memberId = node.member(world.groupId)
    if (memberId === null) return []
    const isOne = roles.has(memberId)
    if (isStranded(world, node)) return []
    if (node.takesPart(world.groupId)) return isOne ? [] : [violation(7, `${node.name} takes itself for a member and is none`)]
    if (node.group(world.groupId) !== null) return [violation(8, `${node.name} leaves and does not get away`)]
    // A hostile member may say that it has seen to a leave, and keep that to itself.
    const isFooled = node.leaves && world.options.hostile > 0
    return isOne && !isFooled && isSought(world, node, memberId)
      ? [violation(7, `${node.name} is told that it is out, and is a member`)]
      : []
  })
}
