import type { GroupId } from '../../../shared/domain/ids.ts'
import type { GroupState } from '../../crypto/mls/group-engine.ts'
import { encodeLocalIdentity } from '../../identity/index.ts'
import type { LocalIdentity } from '../../identity/local-identity.ts'
import { AppError, invariant } from '../../kernel/errors.ts'
import type { GroupRow, Repositories } from '../../ports/store.ts'
import { newChannelId } from '../policy/channel-id.ts'
import { decodeSettings, encodeSettings } from '../policy/settings.ts'
import type { SpaceSettings } from '../policy/settings.ts'
import { noteFirstKey } from '../updates/leaf-keys.ts'
import { beginningOf } from '../anti-entropy/era.ts'
import { readState, writeFirst } from './epoch-store.ts'
import type { GroupDeps } from './group-deps.ts'
import { LiveGroup } from './live-group.ts'
import { mirror } from './mirror.ts'
import type { Tip } from './next-tip.ts'

/** A new space of one member, its owner, with one channel; durable when this resolves. */
export async function foundGroup(
  deps: GroupDeps,
  groupId: GroupId,
  name: string,
  identity: LocalIdentity,
  encodedIdentity: Uint8Array,
): Promise<LiveGroup> {
  const { engine, random, clock } = deps
  const settings: SpaceSettings = {
    kind: 'space',
    name,
    createdAt: clock.now(),
    presenceKey: random.bytes(32),
    earlierKeys: [],
    channels: [{ channelId: newChannelId(groupId, random), name: 'general', kind: 'open' }],
    roles: new Map([[identity.memberId, 'owner']]),
    invitations: [],
    admission: null,
    history: { kind: 'none' },
  }
  const state = await engine.create({ groupId, self: identity, settings: encodeSettings(settings) })
  return enter(deps, state, settings, encodedIdentity, () => undefined)
}

export interface Founding {
  groupId: GroupId
  parent: GroupId
  settings: Pick<SpaceSettings, 'kind' | 'name' | 'channels' | 'history'>
  /** Of the same member and device as in the space, with a leaf for what is under it. */
  identity: LocalIdentity
}

/** A private channel or a direct message of one member so far; `also` is written in the same transaction. */
export async function foundUnder(
  deps: GroupDeps,
  { groupId, parent, settings: wanted, identity }: Founding,
  also: (tx: Repositories) => void,
): Promise<LiveGroup> {
  const { engine, random, clock } = deps
  const settings: SpaceSettings = {
    ...wanted,
    createdAt: clock.now(),
    presenceKey: random.bytes(32),
    earlierKeys: [],
    roles: new Map([[identity.memberId, 'owner']]),
    invitations: [],
    admission: null,
  }
  const state = await engine.create({ groupId, parent, self: identity, settings: encodeSettings(settings) })
  return enter(deps, state, settings, encodeLocalIdentity(identity), also)
}

/** The state a Welcome opened becomes a group of ours; `also` is written in the same transaction. */
export async function enterGroup(
  deps: GroupDeps,
  state: GroupState,
  encodedIdentity: Uint8Array,
  also: (tx: Repositories) => void,
): Promise<LiveGroup> {
  const settings = decodeSettings(deps.engine.settings(state))
  const ofItsKind = settings !== null && (settings.kind === 'space') === (deps.engine.parent(state) === null)
  if (!ofItsKind || !settings.roles.has(deps.engine.self(state).memberId))
    throw new AppError('invitation-malformed', 'This space was made by a version of SpacePanda that this one cannot read.')
  return enter(deps, state, settings, encodedIdentity, also)
}

async function enter(
  deps: GroupDeps,
  state: GroupState,
  settings: SpaceSettings,
  encodedIdentity: Uint8Array,
  also: (tx: Repositories) => void,
): Promise<LiveGroup> {
  const { engine, store, clock } = deps
  const groupId = engine.groupId(state)
  const self = engine.self(state)
  invariant(settings.roles.has(self.memberId), 'a member has a role')
  const epoch = engine.epoch(state)
  const row: GroupRow = {
    groupId,
    tip: await engine.eid(state),
    epoch,
    joinedEpoch: epoch,
    selfMemberId: self.memberId,
    // Under a space somebody may come a second time as the same member: they count on from a place that is their own for certain.
    sentSeq: engine.parent(state) === null ? 0 : beginningOf(epoch),
    sentObject: null,
    returning: false,
    createdAt: clock.now(),
  }
  store.transaction((tx) => {
    if (tx.groups.get(groupId) !== null) throw new AppError('already-member', 'You are in this space already.')
    tx.identities.put(groupId, encodedIdentity)
    tx.groups.put(row)
    writeFirst(tx, engine, groupId, { eid: row.tip, epoch, state })
    noteFirstKey(tx, engine, groupId, state, row.createdAt)
    mirror(tx, engine, { settings, state })
    also(tx)
  })
  return new LiveGroup(deps, { state, settings, row })
}

/** A group as it was left. Throws `AppError('unreadable')` on damage. */
export function loadGroup(deps: GroupDeps, row: GroupRow): LiveGroup {
  const stored = readState(deps.store, deps.engine, row.groupId, row.tip)
  if (stored === null) throw new AppError('unreadable', 'The state of a space is missing from the database.')
  const { state } = stored
  const settings = decodeSettings(deps.engine.settings(state))
  if (settings === null) throw new AppError('unreadable', 'The settings of a space cannot be read.')
  const tip: Tip = { state, settings, row }
  return new LiveGroup(deps, tip)
}
