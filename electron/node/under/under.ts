import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import { groupOfSpace } from '../../../shared/domain/ids.ts'
import type { GroupKind } from '../../../shared/domain/models.ts'
import { decodeLocalIdentity, leafForGroup } from '../../identity/index.ts'
import { AppError, invariant } from '../../kernel/errors.ts'
import { Serial } from '../../kernel/serial.ts'
import type { SharedGroup, WelcomeAnswer, WelcomeRequest } from '../../ports/wire.ts'
import { foundUnder } from '../../sync/group/found-group.ts'
import type { GroupDeps } from '../../sync/group/group-deps.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'
import { messagesOf } from '../../sync/group/messages-of.ts'
import type { Listening } from '../../sync/members/listening.ts'
import { removeMember } from '../../sync/members/remove-member.ts'
import { newChannelId } from '../../sync/policy/channel-id.ts'
import { addWanted } from '../../sync/under/add-wanted.ts'
import { answerCall } from '../../sync/under/answer-call.ts'
import { scopeUnder } from '../../sync/under/stock.ts'
import { putWanted, wantedIn } from '../../sync/under/wanted.ts'
import { directWith } from '../views/channel-views.ts'
import type { Calls } from './calls.ts'
import type { Offers } from './offers.ts'

/** What a conversation of two is called inside: each of them sees the other's name. */
const DIRECT = 'Direct message'
const LATER_MS = 15_000

interface Deps {
  groups: ReadonlyMap<GroupId, LiveGroup>
  listening: Listening
  groupDeps: GroupDeps
  offers: Offers
  calls: Calls
  /** A group is here that was not. */
  added: (group: LiveGroup) => void
}

interface Wish {
  kind: Exclude<GroupKind, 'space'>
  name: string
  members: readonly MemberId[]
}

/** Private channels and direct messages: how they begin, who is asked into them, and what this device answers when it is. */
export class Under {
  readonly #deps: Deps
  /** Two who call at once are answered one after the other. */
  readonly #answering = new Serial()
  #stopped = false

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** What is entered after it ended would be here, and nobody would take part in it until the next start. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#answering.idle()
  }

  /** A group of this member alone; the others are asked in as soon as there are keys of theirs. Durable when this resolves. */
  async found(space: LiveGroup, { kind, name, members }: Wish): Promise<LiveGroup> {
    const { groupDeps, added, calls } = this.#deps
    const { store, random } = groupDeps
    space.forSending()
    for (const memberId of members) demandInSpace(space, memberId)
    const encoded = store.identities.get(space.groupId)
    invariant(encoded !== null, 'a group has an identity')
    const groupId = random.id<GroupId>()
    const founding = {
      ...{ groupId, parent: space.groupId },
      settings: {
        ...{ kind, name, channels: [{ channelId: newChannelId(groupId, random), name, kind: 'private' as const }] },
        // As the space does, until somebody says otherwise; to a conversation of two nobody comes later.
        history: kind === 'private' ? space.tip.settings.history : { kind: 'none' as const },
      },
      identity: leafForGroup(decodeLocalIdentity(encoded), scopeUnder(space.groupId), random),
    }
    const group = await foundUnder(groupDeps, founding, (tx) => putWanted(tx, groupId, members))
    added(group)
    await addWanted(group, space)
    calls.kick(groupId)
    return group
  }

  /** One conversation with each member, also when it is asked for twice at once. */
  direct(space: LiveGroup, memberId: MemberId): Promise<LiveGroup> {
    return this.#answering.run(async () => {
      const known = directWith(space.deps.store, space.groupId, memberId)
      const group = known && this.#deps.groups.get(groupOfSpace(known.membersOf))
      return group ?? this.found(space, { kind: 'direct', name: DIRECT, members: [memberId] })
    })
  }

  /** Asks a member of the space into a private channel. What cannot be done yet, for want of their keys, is done later. */
  async add(group: LiveGroup, memberId: MemberId): Promise<void> {
    const { calls } = this.#deps
    const { store } = group.deps
    group.demand('invite', 'add people')
    if (group.tip.settings.kind !== 'private') throw new AppError('invalid', 'Nobody can be added to a conversation of two.')
    const space = this.spaceOf(group)
    demandInSpace(space, memberId)
    if (group.tip.settings.roles.has(memberId)) return
    store.transaction((tx) => putWanted(tx, group.groupId, [...wantedIn(tx, group.groupId), memberId]))
    await addWanted(group, space)
    if (wantedIn(store, group.groupId).includes(memberId)) group.deps.events.epochChanged(group.groupId)
    calls.kick(group.groupId)
  }

  /** Removes somebody, or calls off that they are asked in. Durable when this resolves. */
  async remove(group: LiveGroup, memberId: MemberId): Promise<void> {
    const isAwaited = !group.tip.settings.roles.has(memberId) && wantedIn(group.deps.store, group.groupId).includes(memberId)
    if (isAwaited) return dropAwaited(group, memberId)
    await removeMember(group, memberId)
  }

  /** Throws `AppError('not-member')` where this device is in the space no more. */
  spaceOf(group: LiveGroup): LiveGroup {
    const space = group.parent === null ? undefined : this.#deps.groups.get(group.parent)
    if (space === undefined) throw new AppError('not-member', 'You are not in the space of this channel any more.')
    return space
  }

  async answer(from: SharedGroup, request: WelcomeRequest): Promise<WelcomeAnswer> {
    const { groups, listening, groupDeps, offers, added } = this.#deps
    const space = groups.get(from.groupId)
    if (space === undefined || space.parent !== null || from.memberId === UNPROVEN) return { kind: 'later', afterMs: LATER_MS }
    if (request.kind === 'offers') return offers.answer(space, from.memberId, request)
    const { call } = request
    return this.#answering.run(async () => {
      if (this.#stopped) return { kind: 'later', afterMs: LATER_MS }
      const here = { group: groups.get(call.group) ?? null, heard: listening.get(call.group) ?? null }
      const answer = await answerCall({ deps: groupDeps, space, from, call, ...here, entered: added })
      offers.renew(space.groupId)
      return answer
    })
  }
}

function dropAwaited({ groupId, deps: { store, events } }: LiveGroup, memberId: MemberId): void {
  const owed = store.transaction((tx) => {
    putWanted(
      tx,
      groupId,
      wantedIn(tx, groupId).filter((one) => one !== memberId),
    )
    return tx.deliveries.forgive(groupId, memberId)
  })
  events.deliveryChanged(groupId, messagesOf(store, owed))
  events.epochChanged(groupId)
}

function demandInSpace({ groupId, self, deps: { store } }: LiveGroup, memberId: MemberId): void {
  if (memberId === self) throw new AppError('invalid', 'You are in it yourself already.')
  if (store.directory.member(groupId, memberId)?.active !== true) throw new AppError('not-found', 'There is no such member in this space.')
}
