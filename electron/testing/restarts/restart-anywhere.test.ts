import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Redacted } from '../../kernel/redacted.ts'
import { receiveObjects } from '../../sync/group/receive/receive-objects.ts'
import { general, makeWorld, objectsOf } from '../fixtures/group-world.ts'
import type { Device } from '../fixtures/group-world.ts'
import { reopenableStore } from './reopenable-store.ts'
import type { ReopenableStore } from './reopenable-store.ts'

const NAMES = ['Alice', 'Bob', 'Carol'] as const
type Who = 0 | 1 | 2

/** What people do, one after another. Only Alice changes the group: concurrent changes are another matter. */
type Step =
  | { kind: 'say'; who: Who; n: number }
  | { kind: 'carry'; from: Who; to: Who; atOnce: number }
  | { kind: 'channel'; n: number }
  | { kind: 'read'; who: Who }
  | { kind: 'forget'; who: Who; nth: number }
  | { kind: 'restart'; who: Who }

const who = fc.constantFrom<Who>(0, 1, 2)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('say' as const), who, n: fc.nat(999) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('carry' as const), from: who, to: who, atOnce: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('channel' as const), n: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('read' as const), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), who, nth: fc.nat(5) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('restart' as const), who }) },
)

interface Person {
  device: Device
  store: ReopenableStore
}

async function settle(root: string): Promise<Person[]> {
  const stores = new Map<string, ReopenableStore>()
  const storeOf = (name: string): ReopenableStore => {
    const file = join(root, `${name}.db`)
    writeFileSync(file, '')
    const store = reopenableStore(file, new Redacted(new Uint8Array(32).fill(7)))
    stores.set(name, store)
    return store
  }
  const world = await makeWorld('restarts', storeOf)
  const alice = await world.found('Alice')
  const devices = [alice, await world.join(alice, 'Bob'), await world.join(alice, 'Carol')]
  return devices.map((device) => {
    const store = stores.get(device.name)
    if (store === undefined) throw new Error('everybody has a store')
    return { device, store }
  })
}

async function take(people: readonly Person[], one: Step): Promise<void> {
  const person = (index: Who): Person => {
    const found = people[index]
    if (found === undefined) throw new Error(`nobody is number ${index}`)
    return found
  }
  switch (one.kind) {
    case 'say':
      await person(one.who).device.send(`${NAMES[one.who]} says ${one.n}`)
      return
    case 'carry':
      return carry(person(one.from).device, person(one.to).device, one.atOnce)
    case 'channel': {
      const { group } = person(0).device
      const name = `channel ${one.n}`
      if (!group.tip.settings.channels.some((channel) => channel.name === name)) await person(0).device.addChannel(name)
      return
    }
    case 'read':
      return person(one.who).store.transaction((tx) => tx.messages.markRead(general(person(one.who).device), 1_000))
    case 'forget': {
      const { store, device } = person(one.who)
      const message = store.messages.page(general(device), 50, null).messages[one.nth]
      if (message !== undefined) store.transaction((tx) => void tx.messages.deleteForMe(message.messageId))
      return
    }
    case 'restart': {
      const { store, device } = person(one.who)
      store.reopen()
      return device.restart()
    }
  }
}

/** Everything `from` has reaches `to`, so many objects to a push. */
async function carry(from: Device, to: Device, atOnce: number): Promise<void> {
  if (from === to) return
  const objects = objectsOf(from, to.group.tip.row.joinedEpoch)
  for (let at = 0; at < objects.length; at += atOnce) await receiveObjects(to.group, objects.slice(at, at + atOnce))
}

/** All that a person, or a peer, could tell apart. */
const visible = ({ device, store }: Person) => ({
  texts: store.messages.page(general(device), 200, null).messages.map((message) => [message.text, message.seq]),
  unread: store.messages.unread(general(device)),
  epoch: device.group.tip.row.epoch,
  sentSeq: device.group.tip.row.sentSeq,
  channels: device.group.tip.settings.channels.map((channel) => channel.name),
  members: device.group.members().map((member) => member.name),
  chains: store.senders
    .list(device.group.groupId)
    .map((row) => [row.seq, row.ahead])
    .sort(),
  objects: objectsOf(device).length,
})

/** The whole sequence, and then everybody hears everything and says one thing more: keys that do not fit would show here. */
async function live(steps: readonly Step[]): Promise<unknown> {
  const root = mkdtempSync(join(tmpdir(), 'spacepanda-restarts-'))
  const people = await settle(root)
  try {
    for (const one of steps) await take(people, one)
    for (const last of ['', 'the last word of ']) {
      if (last !== '') for (const { device } of people) await device.send(`${last}${device.name}`)
      for (const from of people) for (const to of people) await carry(from.device, to.device, 64)
      for (const from of people) for (const to of people) await carry(from.device, to.device, 64)
    }
    return people.map(visible)
  } finally {
    for (const { store } of people) store.close()
    rmSync(root, { recursive: true, force: true })
  }
}

test('restarting anybody anywhere changes nothing that anybody could see', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 40 }), async (steps) => {
      const withoutRestarts = steps.filter((one) => one.kind !== 'restart')
      expect(await live(steps)).toEqual(await live(withoutRestarts))
    }),
    { numRuns: 15 },
  )
}, 180_000)
