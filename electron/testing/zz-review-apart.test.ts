import { expect, it } from 'vitest'
import type { Eid, GroupId, MemberId, PeerId } from '../../shared/domain/ids.ts'
import type { LiveGroup } from '../sync/group/live-group.ts'
import { UNPROVEN } from '../sync/group/membership.ts'
import { FakeClock } from './fakes/fake-clock.ts'
import { createMemoryStore } from './fakes/memory-store.ts'
import { Apart } from '../node/apart.ts'
const idOf = <T extends string>(n: number): T => n.toString(16).padStart(32, '0') as T
const groupId = idOf<GroupId>(1)
const [P, Q] = [idOf<Eid>(10), idOf<Eid>(11)]
const [A, B, C] = [20, 21, 22].map((n) => idOf<MemberId>(n)) as [MemberId, MemberId, MemberId]
const groupOf = (self: MemberId, tip: Eid, joinedEpoch = 0): LiveGroup => ({
  groupId, progressedAt: 0, arriving: 0,
  deps: { store: { ...createMemoryStore(), mls: { epoch: (_: GroupId, eid: Eid) => (eid === tip ? {} : null) } } },
  self, tip: { row: { tip, joinedEpoch }, settings: { roles: new Map() } },
  members: () => [A, B, C].map((memberId) => ({ memberId })),
}) as unknown as LiveGroup
it('both go: one proven and shown a bare frontier, the other proves nothing (known from before) and gives a full one; names point that way', () => {
  for (const [tipA, tipB] of [[P, Q], [Q, P]] as [Eid, Eid][]) {
    const clock = new FakeClock()
    // B came back by a fresh leaf on its branch: to A it proves nothing, A knows its peer from before. A's leaf is known to B.
    const atA = new Apart({ clock, identify: (_g, p) => (p === 'b' ? B : UNPROVEN), strangers: () => undefined })
    const atB = new Apart({ clock, identify: () => UNPROVEN, strangers: () => undefined })
    const [gA, gB] = [groupOf(A, tipA), groupOf(B, tipB)]
    const round = () => [
      atA.note(gA, { peerId: 'b' as PeerId, memberId: UNPROVEN }, { eid: tipB, epoch: 9, known: [tipB], senders: [{ memberId: B, seq: 0 }] }, true),
      atB.note(gB, { peerId: 'a' as PeerId, memberId: A }, { eid: tipA, epoch: 9, known: [tipA], senders: [] }, true),
    ]
    round(); clock.advance(60_000)
    console.log('A goes, B goes', round())
  }
})
it('a newcomer of a longer branch that lost takes everybody for behind, for ever', () => {
  const clock = new FakeClock()
  const at = new Apart({ clock, identify: () => UNPROVEN, strangers: () => undefined })
  const g = groupOf(C, P, 30)
  let went = false
  for (let h = 0; h < 24 * 60; h++) {
    clock.advance(3_600_000)
    for (const m of [A, B]) went ||= at.note(g, { peerId: m as unknown as PeerId, memberId: m }, { eid: Q, epoch: 20, known: [Q], senders: [] }, true)
  }
  console.log('after 60 days of two proven members elsewhere, one branch number lower: went', went, 'elsewhere', at.elsewhere(groupId).size, 'behind', at.behind(groupId).size)
})
