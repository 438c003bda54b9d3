import { expect, it } from 'vitest'
import { away, eventually, joinBy, makeTown } from '../../testing/fixtures/town.ts'
import { peopleOf } from './people.ts'

it('counts and names somebody once who is in two spaces', async () => {
  const town = await makeTown('counted')
  const otto = await town.arrive('Otto')
  const paul = await town.arrive('Paul')
  for (const name of ['Friends', 'Allotment']) await joinBy(otto, await otto.api['spaces.create']({ name }), paul)
  const seen = () => {
    const { connected, away: others } = peopleOf(otto.store, otto.messenger.network, 'local')
    return [connected, others.map(({ name }) => name)]
  }
  await eventually(seen, [1, []])
  await away(town, paul)
  await eventually(seen, [0, ['Paul']])
  expect(peopleOf(otto.store, otto.messenger.network, 'local').away[0]?.lastSeenAt).not.toBeNull()
  await town.end()
})
