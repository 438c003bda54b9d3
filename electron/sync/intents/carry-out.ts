import type { Committed } from '../../crypto/mls/group-engine.ts'
import type { IntentRow } from '../../ports/branch-store.ts'
import type { Repositories } from '../../ports/store.ts'
import { makeCommit } from '../group/change-group.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { objectIdOf } from '../group/object-id.ts'
import { grantName } from './grant-name.ts'
import { decodeIntent, encodeIntent } from './intent.ts'
import type { Intent } from './intent.ts'
import { planIntent } from './plan-intent.ts'
import { withFreeName } from '../policy/transitions.ts'

/**
 * Does what somebody asked of a group, by a commit, and remembers it with the commit: should that lose against another one it is
 * done again. Answers null where it is done already. Call inside `exclusive`. Throws `AppError` in words; then nothing has changed.
 */
export async function carryOut(
  group: LiveGroup,
  intent: Intent,
  also: (tx: Repositories, committed: Committed) => void = () => undefined,
): Promise<Committed | null> {
  const { random, clock } = group.deps
  return commitFor(group, intent, { intentId: random.id<string>(), createdAt: clock.now() }, also)
}

/** Does an intent whose commit was lost again. Null where nothing is left to do. Call inside `exclusive`. Throws like `carryOut`. */
export function carryOutAgain(group: LiveGroup, row: IntentRow): Promise<Committed | null> {
  return commitFor(group, again(group, decodeIntent(row.body)), row, () => undefined)
}

function again({ tip }: LiveGroup, intent: Intent): Intent {
  if (intent.kind === 'admit') return { ...intent, tries: intent.tries + 1 }
  if (intent.kind === 'create-channel') return { ...intent, channel: withFreeName(tip.settings, intent.channel) }
  return intent
}

async function commitFor(
  group: LiveGroup,
  intent: Intent,
  { intentId, createdAt }: Pick<IntentRow, 'intentId' | 'createdAt'>,
  also: (tx: Repositories, committed: Committed) => void,
): Promise<Committed | null> {
  group.forSending()
  const plan = await planIntent(group, intent)
  if (plan === null) return null
  const { groupId } = group
  return makeCommit(group, plan, (tx, committed) => {
    const objectId = objectIdOf(committed.commit)
    tx.intents.put({ intentId, groupId, body: encodeIntent(intent), objectId, failure: null, createdAt })
    const name = grantName(intent)
    if (name !== null && committed.welcome !== null) tx.invitations.putGrant(groupId, name, committed.welcome, group.deps.clock.now())
    also(tx, committed)
  })
}
