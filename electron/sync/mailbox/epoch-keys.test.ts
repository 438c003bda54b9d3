import { expect, it } from 'vitest'
import { toHex } from '../../kernel/bytes.ts'
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
