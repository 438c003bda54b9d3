import { createHmac } from 'node:crypto'
import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import { distinct, equalBytes, fromHex, toHex } from '../../kernel/bytes.ts'
import type { Random } from '../../kernel/random.ts'
import type { MembershipProof, MembershipProver, ProofRole } from '../../ports/network.ts'
import type { SharedGroup } from '../../ports/wire.ts'
import { Listening } from '../members/listening.ts'
import { recognitionKey } from '../policy/recognition-key.ts'
import type { SpaceSettings } from '../policy/settings.ts'
import type { LiveGroup } from './live-group.ts'
import { olderPresenceKeys } from './presence-keys.ts'

const LABEL = 'spacepanda/presence/2'
const TAG_BATCH = 8
/** As many as one session offers (`network/protocols/hello`): the keys of today come first. */
const MAX_TAGS = 256

/**
 * Someone who knows a presence key of a group but whose leaf we cannot check: because the commit that added them has not
 * reached us yet, or because one removed them. They may bring us objects; they are shown nothing but commits (`Correspondence`).
 */
export const UNPROVEN = '' as MemberId

/** The recognition keys of a group as it was then. */
interface KeysThen extends Pick<LiveGroup, 'progress'> {
  settings: SpaceSettings
  keys: Uint8Array[]
}

/** By what a group is recognised in one session: a tag for each of its keys. */
interface Recognisable {
  groupId: GroupId
  keys: Uint8Array[]
  tags: string[]
}

/** Answers the session's questions from the groups as they are at that moment. */
export class Membership implements MembershipProver {
  readonly #groups: ReadonlyMap<GroupId, LiveGroup>
  readonly #random: Random
  readonly #listening: Listening
  /** The keys of a group, today's first. Read again when something changed, not for each session. */
  readonly #keys = new WeakMap<LiveGroup, KeysThen>()
  /** By which key a group was recognised in a session: the other side knows that one. */
  readonly #met = new WeakMap<Uint8Array, Map<GroupId, Uint8Array>>()

  /** What the other side of a session may show. Each proof is asked about by itself, and there may be as many as there are keys. */
  readonly #recognisable = new WeakMap<Uint8Array, { role: ProofRole; of: readonly Recognisable[] }>()

  constructor(groups: ReadonlyMap<GroupId, LiveGroup>, random: Random, listening = new Listening()) {
    this.#groups = groups
    this.#random = random
    this.#listening = listening
  }

  tags(binding: Uint8Array, role: ProofRole): Uint8Array[] {
    const keys = [...this.#groups.values()].map((group) => this.#keysOf(group))
    const older = byRank([...keys.map((all) => all.slice(1)), ...this.#listening.all().map((group) => this.#keysOf(group))])
    const offered = [...keys.flatMap((all) => all.slice(0, 1)), ...older].slice(0, MAX_TAGS)
    const tags = offered.map((key) => tagOf(key, binding, role))
    while (tags.length === 0 || tags.length % TAG_BATCH !== 0) tags.push(this.#random.bytes(32))
    return tags.sort(Buffer.compare)
  }

  recognise(binding: Uint8Array, otherRole: ProofRole, tags: readonly Uint8Array[]): GroupId[] {
    const offered = new Set(tags.map(toHex))
    return this.#recognisableIn(binding, otherRole).flatMap(({ groupId, keys, tags: known }) => {
      const key = keys[known.findIndex((each) => offered.has(each))]
      if (key === undefined) return []
      const met = this.#met.get(binding) ?? new Map<GroupId, Uint8Array>()
      this.#met.set(binding, met.set(groupId, key))
      return groupId
    })
  }

  /** Made once for a session, and once more when there are other groups, or other keys. */
  #recognisableIn(binding: Uint8Array, role: ProofRole): readonly Recognisable[] {
    const groups = [...this.#groups.values(), ...this.#listening.all()].map((group) => ({
      groupId: group.groupId,
      keys: this.#keysOf(group),
    }))
    const made = this.#recognisable.get(binding)
    const isSame = made?.role === role && made.of.length === groups.length && groups.every(({ keys }, i) => made.of[i]?.keys === keys)
    if (isSame) return made.of
    const of = groups.map(({ groupId, keys }) => ({ groupId, keys, tags: keys.map((key) => toHex(tagOf(key, binding, role))) }))
    this.#recognisable.set(binding, { role, of })
    return of
  }

  #get(groupId: GroupId): LiveGroup | undefined {
    return this.#groups.get(groupId) ?? this.#listening.get(groupId)
  }

  #keysOf(group: LiveGroup): Uint8Array[] {
    const { groupId, progress } = group
    const { settings } = group.tip
    const then = this.#keys.get(group)
    if (then?.settings === settings && then.progress === progress) return then.keys
    const presenceKeys = [settings.presenceKey, ...olderPresenceKeys(group.deps.store, groupId)]
    const keys = distinct([...presenceKeys.map(recognitionKey), ...settings.earlierKeys])
    this.#keys.set(group, { settings, progress, keys })
    return keys
  }

  prove(groupId: GroupId, binding: Uint8Array, role: ProofRole): MembershipProof | null {
    const group = this.#get(groupId)
    if (group === undefined) return null
    const { engine } = group.deps
    const { state } = group.tip
    const signature = engine.sign(state, LABEL, statement(groupId, binding, role))
    const key = this.#met.get(binding)?.get(groupId) ?? recognitionKey(group.tip.settings.presenceKey)
    return { tag: tagOf(key, binding, role), leafIndex: engine.self(state).leafIndex, signature }
  }

  verify(groupId: GroupId, binding: Uint8Array, otherRole: ProofRole, proof: MembershipProof): SharedGroup | null {
    const group = this.#get(groupId)
    if (group === undefined) return null
    if (!this.#keysOf(group).some((key) => equalBytes(proof.tag, tagOf(key, binding, otherRole)))) return null
    const bytes = statement(groupId, binding, otherRole)
    const member = group.deps.engine.verify(group.tip.state, LABEL, bytes, proof.leafIndex, proof.signature)
    return { groupId, memberId: member?.memberId ?? UNPROVEN }
  }
}

/** The first of each, then the second of each: many keys of one group crowd out none of another. */
function byRank(all: readonly (readonly Uint8Array[])[]): Uint8Array[] {
  const longest = Math.max(0, ...all.map((keys) => keys.length))
  return Array.from({ length: longest }, (_, rank) => all.flatMap((keys) => keys.slice(rank, rank + 1))).flat()
}

/** Sorted by value, the tags' order tells nothing: they are HMACs. */
const tagOf = (key: Uint8Array, binding: Uint8Array, role: ProofRole): Uint8Array =>
  new Uint8Array(createHmac('sha256', key).update(LABEL).update(role).update(binding).digest())

const statement = (groupId: GroupId, binding: Uint8Array, role: ProofRole): Uint8Array =>
  Buffer.concat([fromHex(groupId), Buffer.from(role.padEnd(16)), binding])
