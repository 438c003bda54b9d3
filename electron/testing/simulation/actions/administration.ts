import type { MemberId } from '../../../../shared/domain/ids.ts'
import type { Api } from '../../../../shared/ipc/contract.ts'
import { may } from '../../../sync/policy/roles.ts'
import type { Capability } from '../../../sync/policy/roles.ts'
import type { SpaceSettings } from '../../../sync/policy/settings.ts'
import type { Wish } from '../ledger.ts'
import type { SimNode } from '../node/sim-node.ts'
import { short } from '../trace.ts'
import type { World } from '../world.ts'
import type { Action } from './action.ts'

type AnyCall = (args: object) => Promise<unknown>

/** A call by name; null where the API has no such call, and the action is never taken. */
const callOf = (api: Api, name: string): AnyCall | null => {
  const call: unknown = Reflect.get(api, name)
  return typeof call === 'function' ? (call as AnyCall) : null
}

interface Change {
  /** A call of the API. */
  name: string
  capability: Capability | null
  /** Two members may carry it out at once. */
  onlyAtOnce?: boolean
  weight: number
  /** The same where whoever was removed is invited again. */
  weightWithBack?: number
  /** Null where there is nothing to do. `done` is what the actor was told: whether it is so. */
  plan: (world: World, node: SimNode, settings: SpaceSettings) => Plan | null
}

interface Plan extends Wish {
  args: object
}

function administration({ name, capability, onlyAtOnce = false, weight, weightWithBack = weight, plan }: Change): Action {
  return {
    name,
    weight: ({ back }) => (back ? weightWithBack : weight),
    begin(world) {
      if (onlyAtOnce && !world.options.concurrentCommits) return false
      const able = world.up.filter((node) => {
        if (!world.mayChange(node) || (node.hostile && !world.options.concurrentCommits)) return false
        const { settings, row } = node.now.messenger.group(world.groupId).tip
        return capability === null || may(settings.roles.get(row.selfMemberId) ?? 'guest', capability)
      })
      const node = able.length === 0 ? null : world.dice.pick(able)
      const call = node && callOf(node.now.api, name)
      const planned = node && plan(world, node, node.now.messenger.group(world.groupId).tip.settings)
      if (node === null || call === null || planned === null) return false
      const { args, ...wish } = planned
      const run = (api: Api): Promise<unknown> => callOf(api, name)?.(args) ?? Promise.reject(new Error('no such call'))
      world.change(node, wish.what, run, () => world.promised(node, wish))
      return true
    },
  }
}

/** Anybody but the actor and the founder, whom nobody outranks. */
function other(world: World, node: SimNode, { roles }: SpaceSettings): MemberId | null {
  const self = node.member(world.groupId)
  const others = [...roles].filter(([memberId, role]) => memberId !== self && role !== 'owner').map(([memberId]) => memberId)
  return others.length === 0 ? null : world.dice.pick(others)
}

const rename: Change = {
  ...{ name: 'spaces.rename', capability: 'manageSpace', weight: 2 },
  plan(world) {
    const name = `Friends ${world.events}`
    const args = { spaceId: world.spaceId, name }
    return {
      ...{ what: `calls the space "${name}"`, args, subject: 'name', holds: (settings) => settings.name === name },
      is: (intent) => intent.kind === 'rename' && intent.name === name,
    }
  },
}

const remove: Change = {
  ...{ name: 'members.remove', capability: 'remove', weight: 2, weightWithBack: 6 },
  plan(world, node, settings) {
    const memberId = settings.roles.size > 2 ? other(world, node, settings) : null
    if (memberId === null) return null
    const args = { spaceId: world.spaceId, memberId }
    const what = `removes ${short(memberId)}`
    return {
      ...{ what, args, subject: `member ${memberId}`, holds: ({ roles }) => !roles.has(memberId) },
      is: (intent) => intent.kind === 'remove' && intent.memberId === memberId,
    }
  },
}

const setRole: Change = {
  ...{ name: 'members.setRole', capability: 'manageRoles', weight: 2 },
  plan(world, node, settings) {
    const memberId = other(world, node, settings)
    if (memberId === null) return null
    const role = world.dice.pick(['admin', 'moderator', 'member', 'guest'] as const)
    const args = { spaceId: world.spaceId, memberId, role }
    // Removed since, it has none.
    const holds = ({ roles }: SpaceSettings): boolean => [role, undefined].includes(roles.get(memberId) as typeof role)
    return {
      ...{ what: `makes ${short(memberId)} ${role}`, args, subject: `role ${memberId}`, holds },
      is: (intent) => intent.kind === 'set-role' && intent.memberId === memberId && intent.role === role,
    }
  },
}

const leave: Change = {
  ...{ name: 'spaces.leave', capability: null, onlyAtOnce: true, weight: 1 },
  plan(world, node, { roles }) {
    const self = node.member(world.groupId)
    if (self === null || roles.get(self) === 'owner' || roles.size < 3) return null
    const args = { spaceId: world.spaceId }
    node.leaves = true
    return { what: 'leaves', args, subject: `member ${self}`, holds: (settings) => !settings.roles.has(self), is: () => false }
  },
}

const renameChannel: Change = {
  ...{ name: 'channels.rename', capability: 'manageChannels', weight: 1 },
  plan(world, _node, { channels }) {
    const { channelId } = world.dice.pick(channels)
    const name = `room ${world.events}`
    const holds = (settings: SpaceSettings): boolean => settings.channels.find((one) => one.channelId === channelId)?.name === name
    return {
      ...{ what: `calls a channel "${name}"`, args: { channelId, name }, subject: `channel name ${channelId}`, holds },
      is: (intent) => intent.kind === 'rename-channel' && intent.channelId === channelId && intent.name === name,
    }
  },
}

/** What those do who may. Calls that the API does not have yet are not made. */
export const administrations: readonly Action[] = [rename, remove, setRole, leave, renameChannel].map(administration)
