import type { ObjectAck, WireObject } from '../../../ports/wire.ts'
import type { LiveGroup } from '../live-group.ts'
import { beginDraft, withStep } from './draft.ts'
import type { Draft } from './draft.ts'
import { planObject } from './plan-object.ts'
import type { Planning } from './plan-object.ts'
import { changesNothing, storeBatch } from './store-batch.ts'

/**
 * Takes objects from anyone, in order, and stores what they come to in one transaction; answers one acknowledgement for
 * each, and only once it is durable. If it cannot be stored nothing is acknowledged and nothing has changed.
 */
export function receiveObjects(group: LiveGroup, objects: readonly WireObject[]): Promise<ObjectAck[]> {
  return group.exclusive(async () => {
    const planning: Planning = { ...group.deps, ownChannels: new Set() }
    let draft: Draft = beginDraft(group.tip)
    for (const [n, object] of objects.entries()) {
      if (n > 0) await group.turn()
      draft = withStep(draft, await planObject(planning, draft, object))
    }
    if (!changesNothing(draft)) {
      const told = group.commitTip(draft.tip, (tx) => storeBatch(tx, group.deps, draft))
      for (const tell of told) tell(group.deps.events)
    }
    return draft.steps.map((step) => step.ack)
  })
}

export async function receiveObject(group: LiveGroup, object: WireObject): Promise<ObjectAck> {
  const [ack] = await receiveObjects(group, [object])
  return ack ?? 'later'
}
