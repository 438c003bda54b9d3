import { join } from 'node:path'
import { mkdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { objectIdOf } from '../../sync/group/object-id.ts'
import { rewindableStore } from '../returning/old-copies.ts'
import type { RewindableStore } from '../returning/old-copies.ts'
import { utf8 } from '../../kernel/bytes.ts'
import type { Eid, ObjectId } from '../../../shared/domain/ids.ts'
import type { GroupRow } from '../../ports/store.ts'
import { putEnded } from '../../sync/members/ended.ts'
import type { Wish } from './ledger.ts'
import { stateOf } from './hostile/means.ts'
import { messagesOf } from './invariants/messages.ts'
import { durableInMemory } from './node/durable.ts'
import type { DurableStore, SimNode } from './node/sim-node.ts'
import type { SimOptions } from './options.ts'
import { CALM, optionsOf } from './options.ts'
import type { Looking } from './run.ts'
import { simulate } from './run.ts'
import type { World } from './world.ts'

/** What is broken here on purpose must be found: a checker that finds nothing would look just like a product without faults. */
const calm: SimOptions = { ...optionsOf(1), founders: 3, nodes: 4, steps: 25, disk: false, faults: CALM }

const rulesBroken = async (options: SimOptions, looking: Looking): Promise<(number | string)[]> =>
  (await simulate(options, looking)).violations.map(({ rule }) => rule)

const nodeOf = (world: World, name: string) => {
  const node = world.nodes.find((one) => one.name === name)
  if (node === undefined) throw new Error(`nobody is called ${name}`)
  return node
}

/** A store in memory with one repository's call replaced. */
const broken = (change: (store: DurableStore) => void): DurableStore => {
  const store = durableInMemory()
  change(store)
  return store
}

const neverDone: Wish = { what: 'nothing', subject: 'nothing', holds: () => false, is: () => false }

/** What a group's row says from now on. */
function lie({ groupId }: World, { groups }: DurableStore, changes: Partial<GroupRow>): void {
  const row = groups.get(groupId)
  groups.get = () => row && { ...row, ...changes }
}

function anObject({ groupId }: World, { objects }: DurableStore): ObjectId {
  const [object] = objects.since(groupId, 0, null, 1)
  if (object === undefined) throw new Error('something was said')
  return object.objectId
}

describe('the simulator', () => {
  it('finds nothing where nothing is broken', async () => {
    expect(await rulesBroken(calm, {})).toEqual([])
  })

  it('finds a member that loses a message it acknowledged (6)', async () => {
    let lost = 0
    const forgetful = (): DurableStore =>
      broken((store) => {
        const { transaction } = store
        store.transaction = (work) =>
          transaction((tx) => {
            const add: typeof tx.messages.add = (row) =>
              row.text.endsWith('3') && !row.text.startsWith('Bob') && ++lost > 0 ? null : tx.messages.add(row)
            return work({
              ...tx,
              messages: new Proxy(tx.messages, { get: (at, name) => (name === 'add' ? add : (Reflect.get(at, name) as unknown)) }),
            })
          })
      })
    const storeOf = (name: string): DurableStore => (name === 'Bob' ? forgetful() : durableInMemory())
    expect(await rulesBroken(calm, { storeOf })).toContain(6)
    expect(lost).toBeGreaterThan(0)
  })

  it.each<[string, number, (world: World, bob: SimNode) => void]>([
    ['a member that draws other channels than it has', 1, (_, { store }) => (store.directory.channels = () => [])],
    ['a member that never comes back', 3, (world, { store }) => lie(world, store, { returning: true })],
    [
      'a member that is told it is out',
      7,
      ({ groupId }, { store }) => store.transaction((tx) => putEnded(tx, groupId, { kind: 'removed', at: 0, by: null })),
    ],
    ['something that somebody was told is done and never was', 8, (world, bob) => world.promised(bob, neverDone)],
    ['the keys of a time before a join', 9, (world, { store }) => lie(world, store, { joinedEpoch: 1_000 })],
    ['what a hostile member made up and an honest one keeps', 13, (world, { store }) => world.rejected.bogus.add(anObject(world, store))],
  ])('finds %s (%i)', async (_, rule, spoil) => {
    const meddle = (world: World): void => {
      const heal = world.heal.bind(world)
      world.heal = () => {
        heal()
        spoil(world, nodeOf(world, 'Bob'))
      }
    }
    expect(await rulesBroken(calm, { meddle })).toContain(rule)
  })

  it('finds a message at somebody who was not there when it was written (14)', async () => {
    const meddle = (world: World): void => {
      const [ann, bob] = [nodeOf(world, 'Ann'), nodeOf(world, 'Bob')]
      const sent = world.ledger.next(ann, { audience: new Set(), leaves: new Map() }, 'whispers')
      const [channel] = bob.store.directory.channels(world.groupId)
      const self = ann.member(world.groupId)
      if (channel === undefined || self === null) throw new Error('they are together')
      const [row] = bob.store.objects.since(world.groupId, 0, null, 1)
      const objectId = row?.objectId ?? objectIdOf(new Uint8Array())
      const { groupId } = world
      bob.store.transaction((tx) =>
        tx.messages.add({
          ...{ messageId: world.nodes[0]?.random.id() ?? ('' as never), groupId, channelId: channel.channelId, objectId, author: self },
          ...{ sentAt: 1, lamport: 1, text: sent.text, fileNames: [], replyTo: null, content: new Uint8Array(), failure: null },
        }),
      )
      expect(messagesOf(world, bob)).toHaveLength(1)
    }
    expect(await rulesBroken(calm, { meddle })).toContain(14)
  })

  it('finds a database that goes back in time unnoticed: it is another after its restart (10) and lost what was accepted (6)', async () => {
    const stores: RewindableStore[] = []
    let copy: Uint8Array | null = null
    const storeOf = (name: string, folder: string): DurableStore => {
      if (name !== 'Bob') return durableInMemory()
      mkdirSync(join(folder, name))
      const store = rewindableStore(join(folder, name), name)
      stores.push(store)
      const reopen = (): void => {
        if (copy === null) return
        store.rewind(copy)
        copy = null
      }
      return { ...store, reopen }
    }
    const meddle = (world: World): void => {
      const bob = nodeOf(world, 'Bob')
      world.goOn = true
      world.schedule.after(10, () => {
        const [store] = stores
        if (store !== undefined) copy = store.copy()
        world.say(bob)
      })
      world.schedule.after(3_000, () => bob.kill())
    }
    const rules = await rulesBroken({ ...calm, steps: 40 }, { storeOf, meddle })
    expect(rules).toEqual(expect.arrayContaining([6, 10]))
  })

  it('finds a key that is used for two messages (5)', async () => {
    const meddle = (world: World): void => {
      const [ann, bob] = [nodeOf(world, 'Ann'), nodeOf(world, 'Bob')]
      const { state, eid } = stateOf(world, bob)
      const { groupId } = world
      const twice = async (): Promise<void> => {
        for (const text of ['yes', 'no']) {
          const { message } = await bob.engine.encrypt(state, utf8(text), new Uint8Array())
          await bob.now.network.push(ann.peerId, { groupId, objects: [{ eid, bytes: message }] }, new AbortController().signal)
        }
      }
      void twice()
    }
    expect(await rulesBroken(calm, { meddle })).toContain(5)
  })

  it('finds a member that keeps what came of an epoch beyond the horizon (11)', async () => {
    const meddle = (world: World): void => {
      const { store, random } = nodeOf(world, 'Bob')
      store.transaction((tx) => tx.witnesses.note(world.groupId, random.id<Eid>(), random.id()))
    }
    expect(await rulesBroken(calm, { meddle })).toContain(11)
  })

  it('finds that what is rejected changes something (12)', async () => {
    const meddle = (world: World): void => {
      const [ann, bob] = [nodeOf(world, 'Ann'), nodeOf(world, 'Bob')]
      const { groupId } = world
      const objects = [{ eid: bob.random.id<Eid>(), bytes: bob.random.bytes(90) }]
      for (const { bytes } of objects) world.rejected.bogus.add(objectIdOf(bytes))
      void bob.now.network.push(ann.peerId, { groupId, objects }, new AbortController().signal)
      const { has } = ann.store.objects
      ann.store.objects.has = (of, objectId) => {
        // Whatever looks for it changes something at the same time.
        const row = ann.store.groups.get(groupId)
        if (world.rejected.bogus.has(objectId) && row !== null && !row.returning) {
          ann.now.life.written += 1
          ann.store.transaction((tx) => tx.groups.put({ ...row, returning: true }))
        }
        return has(of, objectId)
      }
    }
    expect(await rulesBroken(calm, { meddle })).toContain(12)
  })
})
