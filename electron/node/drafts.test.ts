import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ChannelId } from '../../shared/domain/ids.ts'
import type { Space } from '../../shared/domain/models.ts'
import { channelOf, eventually, makeTown } from '../testing/fixtures/town.ts'
import type { Resident, Town } from '../testing/fixtures/town.ts'

let town: Town
let ann: Resident
let space: Space
beforeEach(async () => {
  town = await makeTown('drafts')
  ann = await town.arrive('Ann')
  space = await ann.api['spaces.create']({ name: 'Friends' })
})
afterEach(() => town.end())

const put = (channelId: ChannelId, text: string) => ann.api['drafts.put']({ channelId, text })
const list = () => ann.api['drafts.list']({})

it('is kept of each channel, over a restart, until it is taken away', async () => {
  const general = channelOf(ann)
  const { channelId: other } = await ann.api['channels.create']({ spaceId: space.spaceId, name: 'other', kind: 'private' })
  await put(general, 'begun')
  await put(general, 'begun, and more 🐼')
  await put(other, 'elsewhere')
  await ann.restart()
  expect((await list()).toSorted((a, b) => a.text.localeCompare(b.text))).toEqual([
    { channelId: general, text: 'begun, and more 🐼' },
    { channelId: other, text: 'elsewhere' },
  ])
  await put(general, '')
  await put(general, '')
  expect(await list()).toEqual([{ channelId: other, text: 'elsewhere' }])
})

it('of a channel that is not here is refused, and to take it away is not', async () => {
  const nowhere = 'ee'.repeat(16) as ChannelId
  await expect(put(nowhere, 'begun')).rejects.toMatchObject({ code: 'not-found' })
  expect(await put(nowhere, '')).toBeNull()
  expect(await list()).toEqual([])
})

it('goes with its space', async () => {
  const general = channelOf(ann)
  await put(general, 'begun')
  await ann.api['spaces.leave']({ spaceId: space.spaceId })
  await eventually(() => ann.store.groups.list(), [])
  expect(ann.store.settings.get(`draft/${general}`)).toBeNull()
})
