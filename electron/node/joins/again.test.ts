import { expect, it } from 'vitest'
import { JoinTable } from '../../testing/fixtures/join-table.ts'
import { linkOf, SPACE } from '../../testing/fixtures/group-world.ts'
import { encodeLink } from '../../sync/invitations/link.ts'
import { loadGroup } from '../../sync/group/found-group.ts'
import { putEnded } from '../../sync/members/ended.ts'
import { markAstray } from '../../sync/returning/astray.ts'
import { isBesides } from '../../sync/returning/join-again.ts'

it('whoever waits to be let in by another invitation, and finds that it was removed, may use that to be invited again (R3, R8)', async () => {
  const t = await JoinTable.set()
  t.answering = t.byAnn
  const joins = t.open()
  await joins.start(encodeLink(t.link), 'Bob')
  await expect.poll(() => joins.list().at(-1)?.state.kind).toBe('done')
  const row = t.bob.store.groups.get(SPACE)
  if (row === null) throw new Error('Bob is in')
  await markAstray(loadGroup(t.bob.deps, row))
  const link = encodeLink(await linkOf(t.ann, 'member'))
  const { joinId } = await joins.start(link, 'Bob')
  const stateOf = () => joins.list().find((join) => join.joinId === joinId)?.state
  await expect.poll(() => stateOf()?.kind).toBe('waiting')
  t.bob.store.transaction((tx) => putEnded(tx, SPACE, { kind: 'removed', at: t.world.clock.now(), by: t.ann.group.self }))
  joins.retry(joinId)
  await expect.poll(stateOf).toMatchObject({ kind: 'refused', code: 'removed' })
  await joins.start(link, 'Bob')
  expect(t.bob.store.joins.list().filter((join) => !isBesides(join))).toHaveLength(1)
  await joins.stop()
})
