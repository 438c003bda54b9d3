import { beforeEach, describe, expect, it } from 'vitest'
import type { Eid, ObjectId } from '../../../shared/domain/ids.ts'
import type { WireObject } from '../../ports/wire.ts'
import { GUEST_PEER, asking, bring, commitsOf, lastObject, linkOf, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../testing/fixtures/group-world.ts'
import { encodeSettings } from '../policy/settings.ts'
import type { SpaceSettings } from '../policy/settings.ts'
import { reconsider } from '../fork-resolution/reconsider.ts'
import { admit } from '../invitations/admit.ts'
import { settleIntents } from '../intents/settle-intents.ts'
import { changeRole } from '../members/change-role.ts'
import { removeMember } from '../members/remove-member.ts'
import { renameSpace } from '../members/change-space.ts'
import { readParts } from './epoch-parts.ts'
import { receiveObject } from './receive/receive-objects.ts'

let world: World
let ann: Device
let bob: Device
beforeEach(async () => {
  world = await makeWorld('concurrent commits')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob')
  ann.events.length = 0
})

const snapshot = ({ group, store }: Device) => ({
  tip: group.tip,
  row: store.groups.get(SPACE),
  epoch: readParts(store.mls, SPACE, group.tip.row.tip),
  senders: store.senders.list(SPACE),
  objects: store.objects.since(SPACE, 0, null, 100).length,
})

/** What a member can make who does not keep to the rules. */
const settingsOf = (device: Device, changes: Partial<SpaceSettings>) =>
  encodeSettings({ ...device.group.tip.settings, admission: null, ...changes })
describe('two members who change the group at once', () => {
  let parting: Eid
  beforeEach(async () => {
    await bob.send('before')
    await bring(bob, ann)
    parting = ann.group.tip.row.tip
    await ann.addChannel('from Ann')
    await linkOf(bob, 'guest')
    ann.events.length = 0
    bob.events.length = 0
  })
  const commitOf = (device: Device): WireObject => {
    const own = commitsOf(device).find((o) => o.eid === parting)
    if (own === undefined) throw new Error('each made a commit')
    return own
  }
  /** Each hears of the other's commit, and thinks again. */
  async function meet(): Promise<void> {
    for (const [from, to] of [
      [ann, bob],
      [bob, ann],
    ] as const)
      expect(await receiveObject(to.group, commitOf(from))).toBe('stored')
    await reconsider(ann.group)
    await reconsider(bob.group)
  }

  it('both keep what the other made, go on where they are, and say that it is contested', async () => {
    const tip = ann.group.tip.row.tip
    expect(await receiveObject(ann.group, commitOf(bob))).toBe('stored')
    expect(await receiveObject(ann.group, commitOf(bob))).toBe('stored')
    expect(ann.events).toEqual(['object', 'contested'])
    expect(ann.group.tip.row.tip).toBe(tip)
    expect(ann.store.commits.outOf(SPACE, parting)).toHaveLength(2)
  })

  it('choose anew by each member first heard in its epoch, and by nobody twice (F5)', async () => {
    await receiveObject(bob.group, commitOf(ann))
    await ann.group.acknowledge()
    const [said, more] = [lastObject(ann), (await ann.send('more'), lastObject(ann))]
    bob.events.length = 0
    expect(await receiveObject(bob.group, said)).toBe('stored')
    expect(bob.events).toEqual(['object', 'contested'])
    expect(await receiveObject(bob.group, more)).toBe('stored')
    expect(bob.events).toEqual(['object', 'contested', 'message', 'object'])
  })

  it('choose the same one, restarted or not, and what the other wanted is done again', async () => {
    await meet()
    expect(ann.group.tip.row.tip).toBe(bob.group.tip.row.tip)
    ann.restart()
    bob.restart()
    for (const device of [ann, bob]) {
      expect(await reconsider(device.group)).toEqual({ kind: 'same' })
      expect(device.texts()).toEqual(['before'])
      await settleIntents(device.group)
    }
    await bring(ann, bob)
    await bring(bob, ann)
    expect(ann.group.tip.row.tip).toBe(bob.group.tip.row.tip)
    expect(ann.group.tip.settings.channels.map((c) => c.name)).toEqual(['general', 'from Ann'])
    expect(ann.group.tip.settings.invitations.some((i) => i.createdBy === bob.group.self)).toBe(true)
  })

  it('read what was written on either side, once, and go on writing', async () => {
    await ann.send('on Ann’s side')
    await bob.send('on Bob’s side')
    await bring(ann, bob)
    await bring(bob, ann)
    await reconsider(ann.group)
    await reconsider(bob.group)
    await ann.send('together')
    await bring(ann, bob)
    const all = ['before', 'on Ann’s side', 'on Bob’s side', 'together']
    expect(ann.texts().toSorted()).toEqual(all)
    expect(bob.texts().toSorted()).toEqual(all)
  })

  it('never use a key twice, however often they go over', async () => {
    await meet()
    const [winner, loser] =
      ann.group.deps.store.commits.into(SPACE, ann.group.tip.row.tip)?.author === ann.group.self ? [ann, bob] : [bob, ann]
    await loser.send('one')
    const before = world.engine.encode(loser.group.tip.state).secrets.ratchets
    await bring(winner, loser)
    await reconsider(loser.group)
    expect(world.engine.encode(loser.group.tip.state).secrets.ratchets).toEqual(before)
  })

  it('give the Welcome of a commit that lost to nobody, from the moment it is left', async () => {
    await bring(ann, bob)
    await bring(bob, ann)
    await reconsider(ann.group)
    await reconsider(bob.group)
    const link = await linkOf(ann, 'member')
    await bring(ann, bob)
    const letIn = async (host: Device, name: string) => {
      const { request } = await asking(world, world.device(name), link)
      expect((await admit(host.group, request, GUEST_PEER.peerId)).kind).toBe('welcome')
      return () => host.store.invitations.grant(SPACE, request.requestId) !== null
    }
    const [byAnn, byBob] = [await letIn(ann, 'Dan'), await letIn(bob, 'Eve')]
    await bring(ann, bob)
    await bring(bob, ann)
    expect([byAnn(), byBob()]).toEqual([true, true])
    await reconsider(ann.group)
    await reconsider(bob.group)
    expect([byAnn(), byBob()].filter((isGranted) => isGranted)).toHaveLength(1)
  })

  it('follow a real commit only: a header that anybody can write is none', async () => {
    const bytes = new Uint8Array(commitOf(bob).bytes)
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    const before = snapshot(ann)
    expect(await receiveObject(ann.group, { eid: parting, bytes })).toBe('rejected')
    expect(snapshot(ann)).toEqual(before)
    expect(ann.events).toEqual([])
  })

  it('and a commit nobody was allowed to make is no branch', async () => {
    const old = readParts(bob.store.mls, SPACE, parting)
    const made =
      old && (await world.engine.commit(world.engine.decode(old), { settings: renamed(bob), authenticatedData: new Uint8Array() }))
    if (!made?.ok) throw new Error('it can be made')
    expect(await receiveObject(ann.group, { eid: parting, bytes: made.value.commit })).toBe('rejected')
    expect(ann.store.commits.outOf(SPACE, parting)).toHaveLength(1)
  })
  const renamed = (by: Device) => settingsOf(by, { name: 'Mine now' })
})

describe('a commit beside one that removes this very device', () => {
  it('is not followed before the choice is made (T4)', async () => {
    const carol = await world.join(ann, 'Carol')
    for (const device of [bob, carol]) await bring(ann, device)
    const tip = bob.group.tip.row.tip
    await removeMember(ann.group, bob.group.self)
    await linkOf(carol, 'guest')
    expect(await receiveObject(bob.group, lastObject(ann))).toBe('stored')
    expect(await receiveObject(bob.group, lastObject(carol))).toBe('stored')
    expect(bob.group.tip.row.tip).toBe(tip)
    expect(bob.store.commits.outOf(SPACE, tip)).toHaveLength(2)
  })
})

describe('who is first heard where no commits lie beside each other', () => {
  it('has nobody choose anew (F5)', async () => {
    await bob.group.acknowledge()
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('stored')
    expect(ann.events).toEqual(['object'])
  })
})

describe('a removal that was followed and then lost', () => {
  it('took nothing from whoever was removed: what they had not got is owed to them again, and nothing else', async () => {
    await changeRole(ann.group, bob.group.self, 'admin')
    const cem = await world.join(ann, 'Cem')
    const dea = await world.join(ann, 'Dea')
    for (const device of [bob, cem, dea]) await bring(ann, device)
    const [got, not] = [await dea.send('Cem has it'), await dea.send('Cem has it not')]
    const owed = (id: typeof got) => dea.store.deliveries.of(dea.store.messages.get(id)?.objectId ?? ('' as ObjectId))
    const cems = (id: typeof got) => owed(id).filter(({ memberId }) => memberId === cem.group.self)
    dea.store.transaction((tx) => tx.deliveries.ackThrough(SPACE, dea.group.self, cem.group.self, 1, 7))

    await removeMember(ann.group, bob.group.self)
    await removeMember(bob.group, cem.group.self)
    await bring(bob, dea)
    const since = await dea.send('after he was removed')
    expect([cems(got).length, cems(not).length, cems(since).length]).toEqual([1, 0, 0])
    await bring(ann, dea)
    await reconsider(dea.group)
    expect(dea.group.tip.row.tip).toBe(ann.group.tip.row.tip)
    expect(cems(got).map(({ ackedAt }) => ackedAt)).toEqual([7])
    expect(cems(not).map(({ ackedAt }) => ackedAt)).toEqual([null])
    expect(cems(since)).toEqual([])
  })
})

describe('what somebody asked and is done already', () => {
  it('is not done again once somebody changed it since', async () => {
    await changeRole(ann.group, bob.group.self, 'admin')
    await bring(ann, bob)
    for (const device of [ann, bob]) await renameSpace(device.group, 'Friends of both')
    await exchange()
    for (const device of [ann, bob]) await settleIntents(device.group)
    await renameSpace(ann.group, 'Friends of Ann')
    await bring(ann, bob)
    for (const device of [ann, bob]) await settleIntents(device.group)
    expect([ann, bob].map((device) => device.group.tip.settings.name)).toEqual(['Friends of Ann', 'Friends of Ann'])
  })

  async function exchange(): Promise<void> {
    const [fromAnn, fromBob] = [ann, bob].map((device) => commitsOf(device).at(-1))
    if (fromAnn === undefined || fromBob === undefined) throw new Error('each made a commit')
    await receiveObject(bob.group, fromAnn)
    await receiveObject(ann.group, fromBob)
    for (const device of [ann, bob]) await reconsider(device.group)
    expect(ann.group.tip.row.tip).toBe(bob.group.tip.row.tip)
  }
})
