import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { groupId, groupRow, joinRow } from '../../testing/contracts/store/rows.ts'
import { openStore } from '../open-store.ts'
import { ENDPOINT, GIVEN_UP, TRANSPORT_KEY } from '../profile-settings.ts'
import { testFolder, testKey } from '../test-support/folder.ts'

function opened() {
  const store = openStore({ file: join(testFolder(), 'profile.db'), key: testKey() })
  onTestFinished(() => store.close())
  return store
}

test('what was put back may send nothing in any group, and is another device to the network', () => {
  const store = opened()
  store.transaction((tx) => {
    for (const n of [1, 2]) tx.groups.put(groupRow({ groupId: groupId(n), sentSeq: n }))
    tx.settings.set(TRANSPORT_KEY, new Uint8Array(32).fill(1))
    tx.settings.set(ENDPOINT, Uint8Array.of(2))
    tx.settings.set(GIVEN_UP, Uint8Array.of(4))
    tx.settings.set('profile', Uint8Array.of(3))
  })
  store.putBack()
  expect(store.groups.list().map(({ returning, sentSeq }) => [returning, sentSeq])).toEqual([
    [true, 1],
    [true, 2],
  ])
  expect(store.settings.get(TRANSPORT_KEY)).toHaveLength(32)
  expect(store.settings.get(TRANSPORT_KEY)).not.toEqual(new Uint8Array(32).fill(1))
  expect(store.settings.get(ENDPOINT)).toBeNull()
  // The other may be in a space by now as whom both would ask.
  expect(store.settings.get(GIVEN_UP)).toBeNull()
  expect(store.settings.get('profile')).toEqual(Uint8Array.of(3))
})

test('joins that were under way end, without their keys; those that had ended stay as they were', () => {
  const store = opened()
  const working = joinRow(1, { state: { kind: 'working', step: 'asking' } })
  const waiting = joinRow(2, { state: { kind: 'waiting', step: 'asking', code: 'unreachable', message: '', retryAt: 9 } })
  const over = joinRow(3, { identity: new Uint8Array(), state: { kind: 'cancelled' } })
  store.transaction((tx) => [working, waiting, over].forEach((row) => tx.joins.put(row)))
  store.putBack()
  for (const { joinId } of [working, waiting]) {
    expect(store.joins.get(joinId)).toMatchObject({ state: { kind: 'refused', code: 'conflict' }, identity: new Uint8Array() })
  }
  expect(store.joins.get(over.joinId)).toEqual(over)
})

test('none counts on from where it was: that it had gone astray when the copy was made says nothing of what it sent since', () => {
  const store = opened()
  const marks = [1, 2].map((n) => `astray/${groupId(n)}`)
  store.transaction((tx) => {
    tx.groups.put(groupRow({ groupId: groupId(1), returning: true }))
    for (const mark of marks) tx.settings.set(mark, new Uint8Array())
    tx.settings.set('astray', Uint8Array.of(3))
  })
  store.putBack()
  expect(marks.map((mark) => store.settings.get(mark))).toEqual([null, null])
  expect(store.settings.get('astray')).not.toBeNull()
})
