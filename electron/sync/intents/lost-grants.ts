import type { GroupId, ObjectId } from '../../../shared/domain/ids.ts'
import type { CommitNode } from '../commit-ordering/commit-tree.ts'
import type { Repositories } from '../../ports/store.ts'
import { grantName } from './grant-name.ts'
import { decodeIntent } from './intent.ts'

type Writing = Pick<Repositories, 'intents' | 'invitations'>

interface Switch {
  /** The commits that lead to the group no more, and those that do now. */
  lost: readonly CommitNode[]
  chosen: readonly CommitNode[]
}

/**
 * Welcomes that came with commits that lost are given to nobody: they would make a member of a branch that all others left. They are kept
 * all the same: where that branch is chosen after all their newcomers are members, and nobody else could let them in.
 */
export function moveGrants(tx: Writing, groupId: GroupId, { lost, chosen }: Switch): void {
  for (const { objectId, name } of granted(tx, groupId))
    if (lost.some((commit) => commit.objectId === objectId)) move(tx, groupId, name, aside(name, objectId))
  // By then it may have been done again, by a commit that lost in turn.
  for (const { name } of granted(tx, groupId)) for (const { objectId } of chosen) move(tx, groupId, aside(name, objectId), name)
}

/** Under which name a Welcome waits for its commit to be chosen again. */
const aside = (name: string, objectId: ObjectId): string => `${name}/${objectId}`

function move({ invitations }: Writing, groupId: GroupId, from: string, to: string): void {
  const [welcome, at] = [invitations.grant(groupId, from), invitations.grantedAt(groupId, from)]
  if (welcome === null || at === null) return
  invitations.putGrant(groupId, to, welcome, at)
  invitations.dropGrant(groupId, from)
}

const granted = (tx: Writing, groupId: GroupId): { objectId: ObjectId; name: string }[] =>
  tx.intents.list(groupId).flatMap(({ objectId, body }) => {
    const name = grantName(decodeIntent(body))
    return name === null ? [] : { objectId, name }
  })
