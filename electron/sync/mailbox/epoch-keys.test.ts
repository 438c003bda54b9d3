import { expect, it } from 'vitest'
import { toHex } from '../../kernel/bytes.ts'
import { notePresenceKey } from '../group/presence-keys.ts'
import { bring, makeWorld } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { changeRole } from '../members/change-role.ts'
import { removeMember } from '../members/remove-member.ts'
import { EpochKeys } from './epoch-keys.ts'

it('mailboxes are read under every key of a branch that is not followed, of which the epochs are here, and once under each (M7)', async () => {
  const world = await makeWorld('keys aside')
  const ann = await world.found('Ann')
  const bob = await world.join(ann, 'Bob')
  await changeRole(ann.group, bob.group.self, 'admin')
  const guests: Device[] = []
  for (let n = 0; n < 8; n++) guests.push(await world.join(ann, `guest ${n}`))
  await bring(ann, bob)
  await ann.addChannel('by-ann')
  const keys: string[] = [toHex(ann.group.tip.settings.presenceKey)]
  for (const guest of guests) {
    await removeMember(bob.group, guest.group.self)
    keys.push(toHex(bob.group.tip.settings.presenceKey))
  }
  await bring(bob, ann)
  expect(new EpochKeys().readable(ann.group).map(toHex).toSorted()).toEqual(keys.toSorted())
})

it('once under a key that came back with the branch that has it', async () => {
  const world = await makeWorld('key that came back')
  const ann = await world.found('Ann')
  const [was, between] = [ann.group.tip.settings, { presenceKey: new Uint8Array(32).fill(7) }]
  const { groupId } = ann.group
  ann.store.transaction((tx) => {
    notePresenceKey(tx, groupId, { was, is: between, now: world.clock.now() })
    notePresenceKey(tx, groupId, { was: between, is: was, now: world.clock.now() })
  })
  expect(new EpochKeys().readable(ann.group).map(toHex).toSorted()).toEqual([was, between].map((one) => toHex(one.presenceKey)).toSorted())
})
