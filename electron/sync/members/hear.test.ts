import { beforeEach, describe, expect, it } from 'vitest'
import type { Eid, MemberId } from '../../../shared/domain/ids.ts'
import { bring, lastObject, makeWorld, objectsOf, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { groupFrontier } from '../anti-entropy/group-frontier.ts'
import { reconsider } from '../fork-resolution/reconsider.ts'
import { KEPT_EPOCHS } from '../group/group-deps.ts'
import { UNPROVEN } from '../group/membership.ts'
import { readEnded } from './ended.ts'
import { hear, heardUpTo, notePlace } from './hear.ts'
import { removeMember } from './remove-member.ts'

/** SPEC.md T8: Ann removed Carol; Bob and Dave have not heard of that. */
let ann: Device
let bob: Device
let carol: Device
let dave: Device
let places: Map<MemberId, Eid>
beforeEach(async () => {
  const world = await makeWorld('hear')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob', 'admin')
  carol = await world.join(ann, 'Carol')
  dave = await world.join(ann, 'Dave')
  for (const device of [bob, carol]) await bring(ann, device)
  await removeMember(ann.group, carol.group.self)
  await bring(ann, carol)
  await reconsider(carol.group)
  places = new Map()
  carol.events.length = 0
})

describe('a device that was removed', () => {
  it('takes commits, and puts off whatever else it is brought', async () => {
    await bob.addChannel('music')
    const commit = lastObject(bob)
    await bob.send('to the three of us')
    expect(await hear(carol.group, [lastObject(bob), commit])).toEqual(['later', 'stored'])
    expect(carol.texts()).toEqual([])
    expect(carol.events).toEqual(['object', 'contested'])
    expect(await hear(carol.group, [commit])).toEqual(['stored'])
    expect(carol.events).toHaveLength(2)
  })

  it('refuses what follows from its removal, which it can never follow', async () => {
    await ann.addChannel('music')
    expect(await hear(carol.group, [lastObject(ann)])).toEqual(['rejected'])
  })

  it('says that it is in the newest epoch that both know; where there is none it says nothing', async () => {
    const { tip } = carol.group.tip.row
    expect(heardUpTo(carol.group, groupFrontier(ann.group))).toMatchObject({ eid: tip, senders: [] })
    await bob.addChannel('music')
    await hear(carol.group, [lastObject(bob)])
    expect(heardUpTo(carol.group, groupFrontier(bob.group))).toMatchObject({ eid: bob.group.tip.row.tip, senders: [] })
    const { tip: farther } = ann.group.tip.row
    expect(heardUpTo(carol.group, { ...groupFrontier(ann.group), known: [farther] })).toBeNull()
  })

  it('sees a member where that says it is, and looks again only if that is news', async () => {
    await bob.addChannel('music')
    await hear(carol.group, [lastObject(bob)])
    carol.events.length = 0
    const { tip } = bob.group.tip.row
    for (const whom of [bob.group.self, bob.group.self, UNPROVEN]) notePlace(carol.group, places, whom, tip)
    notePlace(carol.group, places, ann.group.self, ann.group.tip.row.tip)
    expect(carol.events).toEqual(['contested'])
    expect(carol.store.witnesses.of(SPACE).filter(({ eid }) => eid === tip)).toEqual([
      expect.objectContaining({ memberId: bob.group.self }),
    ])
    // Dave may be where Ann is.
    expect(await reconsider(carol.group, places)).toEqual({ kind: 'removed' })
  })

  it('is in again once more say that they are where it was not removed than can be elsewhere, and all at once or not at all', async () => {
    await bob.addChannel('music')
    await hear(carol.group, [lastObject(bob)])
    const { tip } = bob.group.tip.row
    for (const one of [bob, dave]) notePlace(carol.group, places, one.group.self, tip)
    expect(await reconsider(carol.group)).toEqual({ kind: 'removed' })
    carol.store.failNext()
    await expect(reconsider(carol.group, places)).rejects.toThrow('disk is full')
    expect(readEnded(carol.store, SPACE)?.kind).toBe('removed')
    carol.events.length = 0
    expect(await reconsider(carol.group, places)).toEqual({ kind: 'switched' })
    expect(readEnded(carol.store, SPACE)).toBeNull()
    expect(carol.events.slice(0, 2)).toEqual(['back', 'epoch'])
    expect(carol.group.tip.row.tip).toBe(tip)
    expect(await reconsider(carol.group, places)).toEqual({ kind: 'same' })
  })

  it('keeps no more of what others go on committing than a member does', { timeout: 60_000 }, async () => {
    const most = KEPT_EPOCHS.atMost + KEPT_EPOCHS.aside
    const from = bob.group.tip.row.epoch
    for (let i = 0; i < most + 2; i += 1) await bob.addChannel(`${i}`)
    const commits = objectsOf(bob, from)
    for (let i = 0; i < commits.length; i += 50) await hear(carol.group, commits.slice(i, i + 50))
    expect(carol.store.mls.epochs(SPACE).length).toBeLessThanOrEqual(most)
    expect(await reconsider(carol.group, places)).toEqual({ kind: 'removed' })
  })
})
