import { beforeEach, expect, it } from 'vitest'
import { bring, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { reconsider } from '../fork-resolution/reconsider.ts'
import { readEnded } from '../members/ended.ts'
import { removeMember } from '../members/remove-member.ts'
import { isAstray, takeBackAstray } from './astray.ts'

/** SPEC.md T8. Carol was removed by Bob, and a member said that it is in where the others are: by commits that Carol cannot read. */
let ann: Device
let bob: Device
let carol: Device

beforeEach(async () => {
  const world = await makeWorld('taken back')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob', 'admin')
  carol = await world.join(ann, 'Carol')
  for (const device of [bob, carol]) await bring(ann, device)
  await removeMember(bob.group, carol.group.self)
  await bring(bob, carol)
  await reconsider(carol.group)
  expect(readEnded(carol.store, SPACE)?.kind).toBe('removed')
  await takeBackAstray(carol.group)
})

it('the removal that it knew is not the end once more, also after a restart and when it comes again', async () => {
  expect(await reconsider(carol.group)).toEqual({ kind: 'same' })
  carol.restart()
  await bring(bob, carol)
  expect(await reconsider(carol.group)).toEqual({ kind: 'same' })
  expect([readEnded(carol.store, SPACE), isAstray(carol.store, SPACE)]).toEqual([null, true])
})

it('another one is', async () => {
  await removeMember(ann.group, carol.group.self)
  await bring(ann, carol)
  await reconsider(carol.group)
  expect(readEnded(carol.store, SPACE)).toMatchObject({ kind: 'removed', by: ann.group.self })
})
