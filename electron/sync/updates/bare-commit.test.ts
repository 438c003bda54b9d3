import { beforeEach, describe, expect, it } from 'vitest'
import type { Eid } from '../../../shared/domain/ids.ts'
import type { CommitRequest, GroupState } from '../../crypto/mls/group-engine.ts'
import type { WireObject } from '../../ports/wire.ts'
import { bring, lastObject, makeWorld } from '../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../testing/fixtures/group-world.ts'
import { change, invitation, people, person, settings } from '../../testing/fixtures/space-settings.ts'
import { receiveObject, receiveObjects } from '../group/receive/receive-objects.ts'
import { makeCommit, plainData } from '../group/change-group.ts'
import { encodeSettings } from '../policy/settings.ts'
import type { SpaceSettings } from '../policy/settings.ts'
import { isBare } from './bare-commit.ts'

describe('a commit that changes nothing but keys', () => {
  const before = settings({ invitations: [invitation()] })
  const bare = (after: Partial<SpaceSettings>, more: Parameters<typeof change>[3] = {}) =>
    isBare(change('member', before, { ...before, ...after }, more))

  it('is one also where it writes the same in another order, or without who was let in last', () => {
    const roles = new Map([...before.roles].reverse())
    expect([bare({}), bare({ roles }), bare({ admission: null })]).toEqual([true, true, true])
  })

  it('is none where anything is another', () => {
    const roles = new Map(before.roles).set(people.member, 'guest')
    expect([bare({ roles }), bare({ name: 'Foes' }), bare({ invitations: [] })]).toEqual([false, false, false])
    expect([bare({}, { added: [person('newcomer')] }), bare({}, { removed: [person('guest')] })]).toEqual([false, false])
  })

  it('is none where there is nothing to read', () => {
    expect(bare({}, { settingsAfter: new Uint8Array([1]) })).toBe(false)
  })
})

describe('U5: a member that renews its keys again and again', () => {
  let world: World
  let ann: Device
  let bob: Device
  beforeEach(async () => {
    world = await makeWorld('bare commits')
    ann = await world.found('Ann')
    bob = await world.join(ann, 'Bob', 'guest')
  })

  /** Commits one after another, made by somebody who keeps to no rule, as it sends them. */
  async function chain({ group: { tip } }: Device, requests: readonly Partial<CommitRequest>[]): Promise<WireObject[]> {
    const objects: WireObject[] = []
    let [state, eid]: [GroupState, Eid] = [tip.state, tip.row.tip]
    for (const request of requests) {
      const made = await world.engine.commit(state, { authenticatedData: new Uint8Array(), ...request })
      if (!made.ok) throw new Error(made.error.detail)
      objects.push({ eid, bytes: made.value.commit })
      state = made.value.state
      eid = await world.engine.eid(state)
    }
    return objects
  }
  const renew = ({ group }: Device) => group.exclusive(() => makeCommit(group, { authenticatedData: plainData(group) }, () => undefined))
  const written = (changes: Partial<SpaceSettings>): Partial<CommitRequest> => ({
    settings: encodeSettings({ ...ann.group.tip.settings, ...changes }),
  })

  it.each<[string, () => Partial<CommitRequest>]>([
    ['as it is', () => ({})],
    ['with the same settings in another order', () => written({ roles: new Map([...ann.group.tip.settings.roles].reverse()) })],
    ['without who was let in last', () => written({ admission: null })],
  ])('is followed once: %s', async (_, again) => {
    const { epoch } = ann.group.tip.row
    const [first, second, third] = await chain(bob, [{}, again(), {}])
    expect(first && (await receiveObject(ann.group, first))).toBe('stored')
    expect(second && (await receiveObject(ann.group, second))).toBe('rejected')
    expect(third && (await receiveObject(ann.group, third))).toBe('unknown-epoch')
    expect(ann.group.tip.row.epoch).toBe(epoch + 1)
  })

  it('is followed once where all of it comes together, and after a restart', async () => {
    const { epoch } = ann.group.tip.row
    const objects = await chain(bob, [{}, {}, {}])
    expect(await receiveObjects(ann.group, objects)).toEqual(['stored', 'rejected', 'unknown-epoch'])
    ann.restart()
    expect(await receiveObjects(ann.group, objects)).toEqual(['stored', 'rejected', 'unknown-epoch'])
    expect(ann.group.tip.row.epoch).toBe(epoch + 1)
  })

  it('may do so again once somebody else made a commit', async () => {
    await renew(bob)
    await bring(bob, ann)
    await renew(ann)
    await bring(ann, bob)
    await renew(bob)
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('stored')
    await ann.addChannel('music')
    await bring(ann, bob)
    await renew(bob)
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('stored')
  })

  it('may do so after a commit of its own that changed something', async () => {
    await ann.addChannel('music')
    await renew(ann)
    expect(await bring(ann, bob)).not.toContain('rejected')
    expect(bob.group.tip.row.tip).toBe(ann.group.tip.row.tip)
  })

  it('is judged by a newcomer as by those who were there before', async () => {
    await renew(bob)
    await bring(bob, ann)
    const carol = await world.join(ann, 'Carol')
    await bring(ann, bob)
    const [first, second] = await chain(bob, [{}, {}])
    for (const { group } of [ann, carol]) {
      expect(first && (await receiveObject(group, first))).toBe('stored')
      expect(second && (await receiveObject(group, second))).toBe('rejected')
    }
    expect(ann.group.tip.row.tip).toBe(carol.group.tip.row.tip)
  })
})
