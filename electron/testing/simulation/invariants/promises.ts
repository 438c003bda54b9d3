import type { Eid } from '../../../../shared/domain/ids.ts'
import { readState } from '../../../sync/group/epoch-store.ts'
import { lostIntents } from '../../../sync/intents/settle-intents.ts'
import { decodeSettings } from '../../../sync/policy/settings.ts'
import type { SpaceSettings } from '../../../sync/policy/settings.ts'
import type { Promised } from '../ledger.ts'
import type { SimNode } from '../node/sim-node.ts'
import { violation } from '../violation.ts'
import type { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import { isRemoved, isShut, settingsOf, staying } from './agreement.ts'

/**
 * Invariant 8: what people were told is done is done, was changed again by a later commit, or failed in words. What somebody asked
 * who is in the group no more is over, done or not. Nothing waits for ever.
 */
export function promises(world: World): Violation[] {
  const settings = settingsOf(world)
  const broken = world.ledger.promises
    .filter((promised) => !promised.actor.hostile && !promised.holds(settings) && !isSettled(world, promised) && !isOver(world, promised))
    .map(({ actor, what }) => violation(8, `what ${actor.name} was told is done is not: ${what}`))
  const open = staying(world).flatMap((node) =>
    lostIntents(node.now.messenger.group(world.groupId)).map(() =>
      violation(8, `what was asked of ${node.name} is lost, and not judged again`),
    ),
  )
  const waiting = world.honest.flatMap((node) => [...node.calling].map((what) => violation(8, `${node.name} was never answered: ${what}`)))
  // Nobody can tell a link that is to be known soon from one that never will: whoever has it waits, and is shown that.
  const joining = [...world.links.keys()]
    .filter((node) => !isShut(world, node))
    .map((node) => violation(8, `the join of ${node.name} never ends`))
  return [...broken, ...open, ...waiting, ...joining]
}

/** The same person asked it once more in other words, which is judged by itself. */
const isOver = ({ ledger }: World, promised: Promised): boolean =>
  ledger.promises
    .slice(ledger.promises.indexOf(promised) + 1)
    .some(({ actor, subject }) => actor === promised.actor && subject === promised.subject)

/** Something that does not hold is settled if the group was brought to it and went on, or if its actor was told that it failed. */
function isSettled(world: World, promised: Promised): boolean {
  const { actor, intentId, subject } = promised
  const memberId = actor.member(world.groupId)
  // Whoever is not told so takes itself for a member, which is looked at elsewhere.
  if (memberId === null) return false
  // Seen off by a hostile member that kept it to itself.
  if (actor.leaves && subject === `member ${memberId}` && world.options.hostile > 0) return true
  if (subject === `member ${memberId}`) return isRemoved(world, memberId) || !staying(world).includes(actor)
  if (!actor.takesPart(world.groupId)) return true
  const heldIn = (eid: Eid): boolean | null => {
    const settings = settingsIn(world, eid)
    return settings && promised.holds(settings)
  }
  // There was nothing to do: it was so already. Others may know more of the way than who came in later once more.
  if (intentId === null) return staying(world).some((node) => passed(world, node).some((eid) => heldIn(eid) === true))
  const row = actor.store.intents.list(world.groupId).find((one) => one.intentId === intentId)
  if (row === undefined || row.failure !== null) return row !== undefined
  const commit = actor.store.commits.of(world.groupId).find(({ objectId }) => objectId === row.objectId)
  return commit !== undefined && passed(world, actor).includes(commit.child) && heldIn(commit.child) !== false
}

/** The epochs that led to where somebody is, as far back as it knows of them. */
function passed({ groupId }: World, { store, now }: SimNode): Eid[] {
  const path = [now.messenger.group(groupId).tip.row.tip]
  for (const eid of path) {
    const commit = store.commits.into(groupId, eid)
    if (commit !== null) path.push(commit.parent)
  }
  return path
}

/** Null where nobody can read that any more. */
function settingsIn(world: World, eid: Eid): SpaceSettings | null {
  const [settings] = staying(world).flatMap(({ store, engine }) => {
    const stored = readState(store, engine, world.groupId, eid)
    return stored === null ? [] : decodeSettings(engine.settings(stored.state))
  })
  return settings ?? null
}
