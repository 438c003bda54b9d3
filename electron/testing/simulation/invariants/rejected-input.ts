import type { ObjectId } from '../../../../shared/domain/ids.ts'
import type { ObjectPush } from '../../../ports/wire.ts'
import { objectIdOf } from '../../../sync/group/object-id.ts'
import type { SimNode } from '../node/sim-node.ts'
import { violation } from '../violation.ts'
import type { Violation } from '../violation.ts'
import type { World } from '../world.ts'

/** Work of the engine that one object may cost its receiver: it is looked at aside, and once more if anything beside it fails. */
const RECEIVES_EACH = 2

interface Watched {
  node: SimNode
  before: string
  written: number
  received: number
  objects: number
  what: 'a replay' | 'what nobody may accept'
}

/**
 * Invariant 12: a rejected input changes no state, a replay is a no-op; and 13: neither costs more than looking at it once.
 * Watches pushes of which everything is there already, or is known from above to be worth nothing.
 */
export class RejectedInput {
  readonly #world: World
  /** What hostile members made that no honest one may accept. */
  readonly bogus = new Set<ObjectId>()
  #watched: Watched | null = null
  seen = { replays: 0, bogus: 0 }

  constructor(world: World) {
    this.#world = world
  }

  arrives(node: SimNode, push: ObjectPush | null): void {
    if (node.hostile || push === null || push.objects.length === 0) return
    const { groupId, objects } = push
    const ids = objects.map(({ bytes }) => objectIdOf(bytes))
    const worthless = ids.every((id) => this.bogus.has(id))
    const known = !worthless && ids.every((id) => node.store.objects.has(groupId, id))
    if (!worthless && !known) return
    this.seen[worthless ? 'bogus' : 'replays'] += 1
    this.#watched = {
      ...{ node, before: this.#stateOf(node), objects: objects.length },
      ...{ written: node.now.life.written, received: node.received.received },
      what: worthless ? 'what nobody may accept' : 'a replay',
    }
  }

  /** After the push was answered. */
  settled(): Violation[] {
    const watched = this.#watched
    this.#watched = null
    if (watched?.node.up !== true) return []
    const { node, before, written, received, objects, what } = watched
    const found: Violation[] = []
    if (node.received.received - received > objects * RECEIVES_EACH)
      found.push(violation(13, `${what} of ${objects} objects was read ${node.received.received - received} times by ${node.name}`))
    if (node.now.life.written !== written && this.#stateOf(node) !== before)
      found.push(violation(12, `${what} changed the state of ${node.name}`))
    return found
  }

  #stateOf({ store }: SimNode): string {
    const { groupId } = this.#world
    const channels = store.directory.channels(groupId)
    return JSON.stringify([
      store.groups.get(groupId),
      store.senders.list(groupId),
      store.directory.members(groupId),
      channels,
      channels.map(({ channelId }) => store.messages.newestLamport(groupId) + store.messages.unread(channelId)),
    ])
  }
}
