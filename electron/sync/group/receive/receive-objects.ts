import { AppError, InvariantError } from '../../../kernel/errors.ts'
import type { ObjectAck, WireObject } from '../../../ports/wire.ts'
import type { LiveGroup } from '../live-group.ts'
import { beginDraft, withStep } from './draft.ts'
import type { Draft, Step } from './draft.ts'
import { planObject } from './plan-object.ts'
import type { Planning } from './plan-object.ts'
import { changesNothing, storeBatch } from './store-batch.ts'

/** For fewer it is not worth a thread. */
const ASIDE_FROM = 4
const HANDED_OVER = 12

/**
 * Takes objects from anyone, in order, and stores what they come to in one transaction; answers one acknowledgement for
 * each, and only once it is durable. If it cannot be stored nothing is acknowledged and nothing has changed. Where that is a fault of ours,
 * with something that one member made, perhaps, and no other would, what it came with is taken all the same.
 */
export async function receiveObjects(group: LiveGroup, objects: readonly WireObject[]): Promise<ObjectAck[]> {
  group.arriving += 1
  try {
    return await takeObjects(group, objects)
  } catch (thrown) {
    if (!(thrown instanceof InvariantError)) throw thrown
    if (objects.length > 1) return await oneByOne(group, objects)
    group.deps.logger.error('object-not-stored')
    return objects.map(() => 'later')
  } finally {
    group.arriving -= 1
  }
}

async function oneByOne(group: LiveGroup, objects: readonly WireObject[]): Promise<ObjectAck[]> {
  const acks: ObjectAck[] = []
  for (const object of objects) acks.push(await receiveObject(group, object))
  return acks
}

function takeObjects(group: LiveGroup, objects: readonly WireObject[]): Promise<ObjectAck[]> {
  return group.exclusive(async () => {
    const draft = (await planAside(group, objects)) ?? (await plan(group, objects, undefined))
    if (!changesNothing(draft)) {
      const told = group.commitTip(draft.tip, (tx) => storeBatch(tx, group.deps, draft))
      group.progressedAt = group.deps.clock.now()
      group.progress += 1
      for (const tell of told) tell(group.deps.events)
    }
    return draft.steps.map((step) => step.ack)
  })
}

/**
 * Checks the signatures of messages in other threads, all of them before anything is stored. Null where one does not hold:
 * then the whole draft is worth nothing, and each object has to be judged before the next.
 */
async function planAside(group: LiveGroup, objects: readonly WireObject[]): Promise<Draft | null> {
  if (objects.length < ASIDE_FROM) return null
  const checks = new Checks()
  const draft = await plan(group, objects, (verify) => checks.add(verify))
  return (await checks.allHold()) ? draft : null
}

/** Hands checks over some at a time: to wake a sleeping thread costs nearly as much as one of them. */
class Checks {
  readonly #begun: Promise<boolean>[] = []
  #waiting: (() => Promise<boolean>)[] = []

  add(verify: () => Promise<boolean>): void {
    this.#waiting.push(verify)
    if (this.#waiting.length >= HANDED_OVER) this.#begin()
  }

  async allHold(): Promise<boolean> {
    this.#begin()
    const holding = await Promise.all(this.#begun)
    return holding.every((holds) => holds)
  }

  #begin(): void {
    this.#begun.push(...this.#waiting.map((verify) => verify()))
    this.#waiting = []
  }
}

async function plan(group: LiveGroup, objects: readonly WireObject[], verifyLater: Planning['verifyLater']): Promise<Draft> {
  const planning: Planning = { ...group.deps, ownChannels: new Set(), verifyLater }
  let draft: Draft = beginDraft(group.tip)
  for (const [n, object] of objects.entries()) {
    if (n > 0) await group.turn()
    draft = withStep(draft, await planOrRefuse(planning, draft, object))
  }
  return draft
}

/** Damage to one of the epochs that are kept must not hold up what is of the others: it would come again, and fail again, with them. */
async function planOrRefuse(planning: Planning, draft: Draft, object: WireObject): Promise<Step> {
  try {
    return await planObject(planning, draft, object)
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'unreadable') throw thrown
    planning.logger.error('object-of-damaged-epoch')
    return { kind: 'nothing', ack: 'rejected' }
  }
}

export async function receiveObject(group: LiveGroup, object: WireObject): Promise<ObjectAck> {
  const [ack] = await receiveObjects(group, [object])
  return ack ?? 'later'
}
