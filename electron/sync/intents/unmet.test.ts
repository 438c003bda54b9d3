import { expect, it } from 'vitest'
import type { GroupId, UnmetId } from '../../../shared/domain/ids.ts'
import { limits } from '../../../shared/ipc/limits.ts'
import { createMemoryStore } from '../../testing/fakes/memory-store.ts'
import { dismissUnmet, dropUnmet, putUnmet, readUnmet } from './unmet.ts'
import type { UnmetRow } from './unmet.ts'

const hex = (number: number): string => number.toString(16).padStart(32, '0')
const idOf = (number: number) => hex(number) as UnmetId
const rowOf = (number: number, part: Partial<UnmetRow> = {}): UnmetRow => ({
  unmetId: idOf(number),
  groupId: hex(1) as GroupId,
  at: number,
  kind: 'create-channel',
  name: 'results',
  why: 'There is a channel of that name.',
  ...part,
})

it('what was asked in vain is there, the newest first, until it is dismissed', () => {
  const store = createMemoryStore()
  expect(readUnmet(store)).toEqual([])
  for (const number of [1, 2, 3]) store.transaction((tx) => putUnmet(tx, rowOf(number)))
  expect(readUnmet(store)).toEqual([rowOf(3), rowOf(2), rowOf(1)])
  store.transaction((tx) => putUnmet(tx, rowOf(1, { why: 'Something else.' })))
  expect(readUnmet(store)).toEqual([rowOf(1, { why: 'Something else.' }), rowOf(3), rowOf(2)])
  const dismiss = (...numbers: number[]) => store.transaction((tx) => dismissUnmet(tx, numbers.map(idOf)))
  dismiss(1, 3, 9)
  expect(readUnmet(store)).toEqual([rowOf(2)])
  dismiss(2)
  expect(readUnmet(store)).toEqual([])
})

it('of too many the oldest go', () => {
  const store = createMemoryStore()
  for (let number = 1; number <= limits.unmet + 2; number++) store.transaction((tx) => putUnmet(tx, rowOf(number)))
  expect(readUnmet(store)).toHaveLength(limits.unmet)
  expect(readUnmet(store).at(-1)?.at).toBe(3)
})

it('of a group that is forgotten nothing stays', () => {
  const store = createMemoryStore()
  store.transaction((tx) => {
    putUnmet(tx, rowOf(1))
    putUnmet(tx, rowOf(2, { groupId: hex(2) as GroupId }))
    dropUnmet(tx, hex(1) as GroupId)
  })
  expect(readUnmet(store).map(({ at }) => at)).toEqual([2])
})
