import { createHmac } from 'node:crypto'
import type { Eid, GroupId, MemberId } from '../../../shared/domain/ids.ts'
import type { GroupEngine } from '../../crypto/mls/group-engine.ts'
import { fromHex } from '../../kernel/bytes.ts'
import type { Repositories } from '../../ports/store.ts'
import type { CommitTree, Standing } from '../commit-ordering/commit-tree.ts'
import { reachable } from '../commit-ordering/reachable.ts'
import { pathTo, readState } from '../group/epoch-store.ts'
import { decodeSettings } from '../policy/settings.ts'
import { seniorityOf } from '../policy/roles.ts'

/** What is stored of a group, as the choice among its commits sees it. */

type Reading = Pick<Repositories, 'mls' | 'commits' | 'witnesses'>

/** The tree of all branches out of the epochs that are kept and led to `tip`. */
export function readTree(store: Reading, groupId: GroupId, tip: Eid): CommitTree {
  const seen = new Map<Eid, Set<MemberId>>()
  for (const { eid, memberId } of store.witnesses.of(groupId)) {
    const members = seen.get(eid)
    if (members === undefined) seen.set(eid, new Set([memberId]))
    else members.add(memberId)
  }
  const root = pathTo(store, groupId, tip).at(-1)?.eid ?? tip
  return { root, commits: store.commits.of(groupId), seen }
}

/**
 * Whether a branch that is known here hangs on nothing of what led to `tip`: this device came there by a fresh leaf, and what lies between is not
 * here. It can neither choose that branch nor say that it lost. What is older than all that led here may well have led here, too.
 */
export function isBeside(
  store: Pick<Reading, 'mls' | 'commits'>,
  groupId: GroupId,
  tip: Eid,
  { eid, epoch }: { eid: Eid; epoch: number },
): boolean {
  const root = pathTo(store, groupId, tip).at(-1)
  if (eid === tip || root === undefined || (store.mls.epoch(groupId, eid)?.epoch ?? epoch) < root.epoch) return false
  return !reachable({ root: root.eid, commits: store.commits.of(groupId), seen: new Map() }).has(eid)
}

const RANK_LABEL = 'spacepanda/rank'
const RANK_KEY_BYTES = 32

/**
 * Where each member stands at a fork: its seniority, and a rank that no author could have chosen, because its key comes out of
 * the epoch they all parted from. Null if that epoch is not readable here.
 */
export async function standingsAt(
  store: Reading,
  engine: GroupEngine,
  groupId: GroupId,
  eid: Eid,
): Promise<ReadonlyMap<MemberId, Standing> | null> {
  const stored = readState(store, engine, groupId, eid)
  if (stored === null) return null
  const { state } = stored
  const key = await engine.exportSecret(state, RANK_LABEL, fromHex(groupId), RANK_KEY_BYTES)
  const roles = decodeSettings(engine.settings(state))?.roles
  const standingOf = (memberId: MemberId): Standing => ({
    seniority: seniorityOf(roles?.get(memberId) ?? 'guest'),
    rank: new Uint8Array(createHmac('sha256', key).update(fromHex(memberId)).digest()),
  })
  return new Map(engine.members(state).map(({ memberId }) => [memberId, standingOf(memberId)]))
}
