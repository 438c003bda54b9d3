import { createHmac } from 'node:crypto'
import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import { equalBytes, fromHex, toHex } from '../../kernel/bytes.ts'
import type { Random } from '../../kernel/random.ts'
import type { MembershipProof, MembershipProver, ProofRole } from '../../ports/network.ts'
import type { SharedGroup } from '../../ports/wire.ts'
import type { LiveGroup } from './live-group.ts'

const LABEL = 'spacepanda/presence/1'
const TAG_BATCH = 8
/** Groups of exchanges under way, at the most, whose matching key is remembered. */
const EXCHANGES = 1_024

const nameOf = (groupId: GroupId, binding: Uint8Array): string => `${groupId}/${toHex(binding)}`

/**
 * Someone who knows a group's presence key but whose leaf we cannot check, because the commit that added them has not
 * reached us yet. They may bring us objects; they are shown nothing.
 */
export const UNPROVEN = '' as MemberId

/** Answers the session's questions from the groups as they are at that moment. */
export class Membership implements MembershipProver {
  readonly #groups: ReadonlyMap<GroupId, LiveGroup>
  readonly #random: Random
  readonly #matched = new Map<string, Uint8Array>()

  constructor(groups: ReadonlyMap<GroupId, LiveGroup>, random: Random) {
    this.#groups = groups
    this.#random = random
  }

  tags(binding: Uint8Array, role: ProofRole): Uint8Array[] {
    const tags = [...this.#groups.values()].flatMap((group) => group.presenceKeys.map((key) => tagOf(key, binding, role)))
    while (tags.length === 0 || tags.length % TAG_BATCH !== 0) tags.push(this.#random.bytes(32))
    return tags.sort(Buffer.compare)
  }

  recognise(binding: Uint8Array, otherRole: ProofRole, tags: readonly Uint8Array[]): GroupId[] {
    const offered = new Set(tags.map(toHex))
    return [...this.#groups.values()].flatMap((group) => {
      const key = group.presenceKeys.find((one) => offered.has(toHex(tagOf(one, binding, otherRole))))
      if (key === undefined) return []
      this.#remember(group.groupId, binding, key)
      return [group.groupId]
    })
  }

  prove(groupId: GroupId, binding: Uint8Array, role: ProofRole): MembershipProof | null {
    const group = this.#groups.get(groupId)
    if (group === undefined) return null
    const { engine } = group.deps
    const { state } = group.tip
    const signature = engine.sign(state, LABEL, statement(groupId, binding, role))
    const key = this.#matched.get(nameOf(groupId, binding)) ?? group.tip.settings.presenceKey
    return { tag: tagOf(key, binding, role), leafIndex: engine.self(state).leafIndex, signature }
  }

  verify(groupId: GroupId, binding: Uint8Array, otherRole: ProofRole, proof: MembershipProof): SharedGroup | null {
    const group = this.#groups.get(groupId)
    const isOurs = group?.presenceKeys.some((key) => equalBytes(proof.tag, tagOf(key, binding, otherRole))) === true
    if (group === undefined || !isOurs) return null
    const bytes = statement(groupId, binding, otherRole)
    const member = group.deps.engine.verify(group.tip.state, LABEL, bytes, proof.leafIndex, proof.signature)
    return { groupId, memberId: member?.memberId ?? UNPROVEN }
  }

  /** The key that both ends have, so that we prove ourselves by that one in the same exchange. */
  #remember(groupId: GroupId, binding: Uint8Array, key: Uint8Array): void {
    const name = nameOf(groupId, binding)
    this.#matched.delete(name)
    this.#matched.set(name, key)
    const [oldest] = this.#matched.keys()
    if (this.#matched.size > EXCHANGES && oldest !== undefined) this.#matched.delete(oldest)
  }
}

/** Sorted by value, the tags' order tells nothing: they are HMACs. */
const tagOf = (key: Uint8Array, binding: Uint8Array, role: ProofRole): Uint8Array =>
  new Uint8Array(createHmac('sha256', key).update(LABEL).update(role).update(binding).digest())

const statement = (groupId: GroupId, binding: Uint8Array, role: ProofRole): Uint8Array =>
  Buffer.concat([fromHex(groupId), Buffer.from(role.padEnd(16)), binding])
