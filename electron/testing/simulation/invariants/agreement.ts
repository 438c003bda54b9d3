import type { SpaceSettings } from '../../../sync/policy/settings.ts'
import { encodeSettings } from '../../../sync/policy/settings.ts'
import { toHex } from '../../../kernel/bytes.ts'
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

/** Members that are honest, in the group and neither removed nor gone. Only with everybody running. */
export const staying = (world: World): SimNode[] =>
  world.members.filter((node) => !node.hostile && node.up && !world.gone.has(node.now.messenger.group(world.groupId).self))

/** The settings that all agree on, or that of whoever is first. */
export function settingsOf(world: World): SpaceSettings {
  const [node] = staying(world)
  if (node === undefined) throw new Error('somebody is in the group')
  return node.now.messenger.group(world.groupId).tip.settings
}

/** Invariants 1 and 3: the same tip, roster, settings and channels everywhere, in memory as it is stored; nobody split. */
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
    if (row?.split === true) found.push(violation(1, `${node.name} says that the space is split`))
    if (row?.returning === true) found.push(violation(3, `${node.name} has not come back`))
    if (eid !== first.eid) continue
    if (roster !== first.roster) found.push(violation(1, `${node.name} sees other members than ${first.node.name}`))
    if (toHex(encodeSettings(settings)) !== toHex(encodeSettings(first.settings)))
      found.push(violation(1, `${node.name} sees other settings than ${first.node.name}`))
    const drawn = store.directory.channels(world.groupId).map(({ channelId, name }) => `${channelId} ${name}`)
    if (drawn.join() !== settings.channels.map(({ channelId, name }) => `${channelId} ${name}`).join())
      found.push(violation(1, `${node.name} draws other channels than it has`))
    if (now.messenger.group(world.groupId).members().length !== store.directory.members(world.groupId).filter((m) => m.active).length)
      found.push(violation(1, `${node.name} draws other members than it has`))
  }
  return found
}

/** Invariant 7: who counts itself a member is one. */
export function membership(world: World): Violation[] {
  const { roles } = settingsOf(world)
  return staying(world)
    .filter((node) => !roles.has(node.now.messenger.group(world.groupId).self))
    .map((node) => violation(7, `${node.name} takes itself for a member and is none`))
}

/** Invariant 8: what people were told is done is done, or was changed again by somebody. Joins end. */
export function intents(world: World): Violation[] {
  const settings = settingsOf(world)
  const undone = world.ledger
    .standing()
    .filter(({ actor, holds }) => !actor.hostile && !holds(settings))
    .map(({ actor, what }) => violation(8, `what ${actor.name} was told is done is not: ${what}`))
  const waiting = world.honest.flatMap((node) => [...node.calling].map((what) => violation(8, `${node.name} was never answered: ${what}`)))
  const joining = [...world.links.keys()].map((node) => violation(8, `the join of ${node.name} never ends`))
  return [...undone, ...waiting, ...joining]
}
