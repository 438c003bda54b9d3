import { toHex } from '../../../kernel/bytes.ts'
import { isOut } from '../../../node/joins/again.ts'
import { readState } from '../../../sync/group/epoch-store.ts'
import type { Role } from '../../../../shared/domain/models.ts'
import { encodeLink, parseLink } from '../../../sync/invitations/link.ts'
import type { SimNode } from '../node/sim-node.ts'
import type { World } from '../world.ts'
import type { Action } from './action.ts'

const WEEK = 7 * 86_400_000

/** Members whose process runs now. */
const here = (world: World): SimNode[] => world.up.filter((node) => node.takesPart(world.groupId))

/** Somebody who may change the group now, in the eyes of their own device. */
function changer(world: World, may: 'invite' | 'manageChannels'): SimNode | null {
  // A hostile member may keep its commit to itself: then the next one would be beside it.
  const trusted = here(world).filter((node) => world.options.concurrentCommits || !node.hostile)
  const able = trusted.filter((node) => world.mayChange(node) && node.now.messenger.group(world.groupId).may(may))
  return able.length === 0 ? null : world.dice.pick(able)
}

const write: Action = {
  name: 'write',
  weight: () => 12,
  begin(world) {
    const able = here(world)
    if (able.length === 0) return false
    const node = world.dice.pick(able)
    for (let more = world.dice.pick([1, 1, 1, 2, 5]); more > 0; more--) world.say(node)
    return true
  },
}

const makeChannel: Action = {
  name: 'make a channel',
  weight: () => 2,
  begin(world) {
    const node = changer(world, 'manageChannels')
    if (node === null) return false
    const name = `${node.name}-${world.events}`
    world.change(
      node,
      `makes the channel ${name}`,
      (api) => api['channels.create']({ spaceId: world.spaceId, name, kind: 'open' }),
      ({ channelId }) =>
        world.promised(node, {
          ...{ what: `the channel ${name}`, subject: `channel ${channelId}` },
          holds: ({ channels }) => channels.some((channel) => channel.channelId === channelId),
          is: (intent) => intent.kind === 'create-channel' && intent.channel.channelId === channelId,
        }),
    )
    return true
  },
}

/** Makes an invitation, and gives its link to `then`. */
export function invite(
  world: World,
  node: SimNode,
  wish: { role: Exclude<Role, 'owner'>; maxUses: number | null },
  then: (link: string) => void,
  failed: () => void = () => undefined,
): void {
  world.change(
    node,
    `invites as ${wish.role}`,
    (api) => api['invitations.create']({ spaceId: world.spaceId, ...wish, expiresInMs: WEEK }),
    ({ invitationId, link }) => {
      world.promised(node, {
        ...{ what: `an invitation`, subject: `invitation ${invitationId}` },
        holds: ({ invitations }) => invitations.some((one) => one.invitationId === invitationId),
        is: (intent) => intent.kind === 'invite' && intent.invitation.invitationId === invitationId,
      })
      then(link ?? '')
    },
    failed,
  )
}

/** A link that names only its maker, so that only one member lets the newcomer in. */
export function ofOneHost(link: string): string {
  const parsed = parseLink(link)
  if (parsed === null) throw new Error('the inviter has the link')
  return encodeLink({ ...parsed, peers: parsed.peers.slice(0, 1) })
}

/** Somebody new, or who failed to come before, is given a link. */
export function comeBy(world: World, host: SimNode, link: string, hostile = false): SimNode {
  const node = world.arrive(hostile)
  const invitationId = parseLink(link)?.invitationId
  if (invitationId !== undefined) world.invitations.set(node, invitationId)
  world.links.set(node, { link: world.options.concurrentCommits ? link : ofOneHost(link), host })
  world.schedule.after(world.dice.between(0, 3_000), () => world.start(node))
  return node
}

const letIn: Action = {
  name: 'let somebody in',
  weight: () => 5,
  begin(world) {
    if (world.nodes.length >= world.options.nodes) return false
    if (!world.options.concurrentCommits && world.links.size > 0) return false
    const node = changer(world, 'invite')
    if (node === null || node.hostile) return false
    const role = world.dice.pick(['admin', 'moderator', 'member', 'member', 'guest'] as const)
    const granted = node.store.directory.member(world.groupId, node.member(world.groupId) ?? ('' as never))?.role
    if (role === 'admin' && granted !== 'owner' && granted !== 'admin') return false
    if (!world.options.concurrentCommits) world.host = node
    const free = (): void => {
      world.host = null
    }
    invite(world, node, { role, maxUses: world.dice.pick([null, 1, 3]) }, (link) => comeBy(world, node, link), free)
    return true
  },
}

const inviteBack: Action = {
  name: 'invite somebody back',
  weight: ({ back }) => (back ? 12 : 0),
  begin(world) {
    const out = world.up.filter((node) => !node.hostile && !world.links.has(node) && isOut(node.store, world.groupId))
    if (out.length === 0 || (!world.options.concurrentCommits && world.links.size > 0)) return false
    const host = changer(world, 'invite')
    if (host === null || host.hostile) return false
    const node = world.dice.pick(out)
    if (!world.options.concurrentCommits) world.host = host
    const free = (): void => {
      world.host = null
    }
    invite(world, host, { role: 'member', maxUses: world.dice.pick([null, 1]) }, (link) => comeBackBy(world, host, { node, link }), free)
    return true
  },
}

/** It is out still, or in by other means: then it says so. */
function comeBackBy(world: World, host: SimNode, { node, link }: { node: SimNode; link: string }): void {
  const memberId = node.member(world.groupId)
  const invitationId = parseLink(link)?.invitationId
  if (memberId === null || invitationId === undefined || !isOut(node.store, world.groupId)) {
    world.host = null
    return
  }
  world.invitations.set(node, invitationId)
  for (const { leaves } of world.ledger.sent) node.leavesBefore.add(leaves.get(memberId) ?? '')
  node.leavesBefore.add(toHex(ownLeaf(node, world)))
  world.links.set(node, { link: world.options.concurrentCommits ? link : ofOneHost(link), host })
  world.begun(node)
}

function ownLeaf({ store, engine }: SimNode, { groupId }: World): Uint8Array {
  const tip = store.groups.get(groupId)?.tip
  const state = tip === undefined ? undefined : readState(store, engine, groupId, tip)?.state
  return (state && engine.leafKey(state, engine.self(state).leafIndex)) ?? new Uint8Array()
}

const makeInvitation: Action = {
  name: 'make an invitation',
  weight: () => 1,
  begin(world) {
    const node = changer(world, 'invite')
    if (node === null) return false
    invite(world, node, { role: 'guest', maxUses: 1 }, () => undefined)
    return true
  },
}

const revoke: Action = {
  name: 'revoke an invitation',
  weight: () => 1,
  begin(world) {
    const node = changer(world, 'invite')
    if (node === null) return false
    const { settings, row } = node.now.messenger.group(world.groupId).tip
    const own = settings.invitations.filter((one) => one.createdBy === row.selfMemberId && !one.revoked)
    if (own.length === 0) return false
    const { invitationId } = world.dice.pick(own)
    world.change(
      node,
      'revokes an invitation',
      (api) => api['invitations.revoke']({ spaceId: world.spaceId, invitationId }),
      () =>
        world.promised(node, {
          ...{ what: 'that an invitation is revoked', subject: `invitation ${invitationId}` },
          holds: ({ invitations }) => invitations.find((one) => one.invitationId === invitationId)?.revoked !== false,
          is: (intent) => intent.kind === 'revoke' && intent.invitationId === invitationId,
        }),
    )
    return true
  },
}

/** What people do. Add an action here: it draws who does it, calls the API, and notes in the ledger what was promised. */
export const people: readonly Action[] = [write, makeChannel, letIn, makeInvitation, revoke, inviteBack]
