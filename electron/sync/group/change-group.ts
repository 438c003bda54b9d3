import type { CommitRequest, Committed } from '../../crypto/mls/group-engine.ts'
import { fromHex } from '../../kernel/bytes.ts'
import { toCbor } from '../../kernel/cbor.ts'
import { AppError } from '../../kernel/errors.ts'
import type { ObjectRow, Repositories } from '../../ports/store.ts'
import { authorise } from '../policy/authorise.ts'
import { encodeSettings } from '../policy/settings.ts'
import type { SpaceSettings } from '../policy/settings.ts'
import { edgeOf } from './edge.ts'
import { messagesOf } from './messages-of.ts'
import type { LiveGroup } from './live-group.ts'
import { objectIdOf } from './object-id.ts'

const FORMAT = 1

/** What a commit carries that needs no more evidence than what it changes. */
export const plainData = (group: LiveGroup): Uint8Array => toCbor([FORMAT, fromHex(group.tip.row.tip)])

/** Changes the settings of a group by a commit of ours, and adds a member if `add` says so. Call inside `exclusive`. */
export function commitChange(
  group: LiveGroup,
  settings: SpaceSettings,
  add: readonly Uint8Array[],
  also: (tx: Repositories, committed: Committed) => void,
): Promise<Committed> {
  return makeCommit(group, { add, settings: encodeSettings(settings), authenticatedData: plainData(group) }, also)
}

/**
 * Makes a commit. Call inside `exclusive`. The new epoch, the commit and what `also` writes are durable together before
 * anybody hears of them. The change is put to the same rules that the other members will put it to, so none of ours can be
 * refused by them. Throws `AppError('returning' | 'invalid' | 'not-permitted')`.
 */
export async function makeCommit(
  group: LiveGroup,
  request: CommitRequest,
  also: (tx: Repositories, committed: Committed) => void,
): Promise<Committed> {
  const { engine, store, clock, events, logger } = group.deps
  const { state, row } = group.forSending()
  const committed = await engine.commit(state, request)
  if (!committed.ok) {
    logger.warn('commit-refused', { reason: committed.error.reason, detail: committed.error.detail })
    throw new AppError('invalid', 'The change could not be made.')
  }
  const verdict = authorise(group.groupId)(committed.value.change)
  if (verdict !== null) throw new AppError('not-permitted', 'Your role in this space does not let you make this change.')
  const bytes = committed.value.commit
  const object: ObjectRow = {
    objectId: objectIdOf(bytes),
    groupId: group.groupId,
    kind: 'commit',
    eid: row.tip,
    epoch: row.epoch,
    sender: group.self,
    senderSeq: null,
    bytes,
    storedAt: clock.now(),
  }
  const isBeside = store.commits.outOf(group.groupId, row.tip).length > 0
  const next = await group.nextEpoch(committed.value.state)
  const edge = edgeOf(object, committed.value.change, next.tip.row.tip, engine.members(committed.value.state))
  const forgiven = group.commitSent(next.tip, (tx) => {
    next.write(tx)
    tx.objects.put(object)
    tx.commits.put(edge)
    also(tx, committed.value)
    // Nothing is owed any more to who is gone.
    return edge.removes.flatMap((memberId) => tx.deliveries.forgive(group.groupId, memberId))
  })
  events.epochChanged(group.groupId)
  events.objectStored(group.groupId, object)
  if (isBeside) events.contested(group.groupId)
  if (edge.removes.length > 0) events.deliveryChanged(group.groupId, messagesOf(store, forgiven))
  return committed.value
}
