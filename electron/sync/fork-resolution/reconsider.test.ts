import { expect, it } from 'vitest'
import { makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import { putEnded, readEnded } from '../members/ended.ts'
import { end } from './reconsider.ts'

it('what was left and is being deleted is not kept to be read, though others choose a removal meanwhile', async () => {
  const world = await makeWorld('left')
  const ann = await world.found('Ann')
  const { group, store } = await world.join(ann, 'Bob')
  store.transaction((tx) => putEnded(tx, SPACE, { kind: 'left', at: 1, by: null }))
  end(group, ann.group.self)
  expect(readEnded(store, SPACE)).toEqual({ kind: 'left', at: 1, by: null })

  store.transaction((tx) => {
    while (tx.groups.forget(SPACE, 100)) continue
    tx.settings.delete(`group-ended/${SPACE}`)
  })
  end(group, ann.group.self)
  expect(readEnded(store, SPACE)).toBeNull()
})
