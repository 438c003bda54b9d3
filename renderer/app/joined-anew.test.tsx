// @vitest-environment jsdom
import { act, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { ChannelId } from '../../shared/domain/ids.ts'
import type { Space } from '../../shared/domain/models.ts'
import { idOf, makeMessage, makeSpace } from '../testing/make.ts'
import { openWindow } from '../testing/render.tsx'
import { worldWith } from '../testing/world.ts'

const space = makeSpace('Choir', ['general'])
const general = space.channels[0]?.channelId ?? idOf<ChannelId>('none')

/** The window of who has this space alone, with its one channel open. */
async function opened() {
  const view = openWindow(worldWith(space, ['Dan']))
  await screen.findByRole('textbox', { name: 'Message #general' })
  const say = (text: string, seq: number) => act(() => view.fake.emit('message.added', makeMessage(general, seq, 'Dan', text)))
  const turnInto = (...spaces: Space[]) => view.fake.emit('spaces.changed', spaces)
  return { ...view, say, turnInto }
}

it('who leaves their only space and joins it again reads what is said there from then on', async () => {
  const { say, turnInto } = await opened()
  act(() => turnInto())
  await screen.findByRole('heading', { level: 1 })
  act(() => turnInto(space))
  await screen.findByRole('textbox', { name: 'Message #general' })
  await expect.poll(() => screen.queryByRole('progressbar', { name: 'Loading messages' })).toBeNull()
  say('Welcome back', 1)
  expect(await screen.findByRole('listitem', { name: /Welcome back/ })).toBeTruthy()
})

it('so does whoever is back before the window has shown that they were gone', async () => {
  const { say, turnInto } = await opened()
  act(() => {
    turnInto()
    turnInto(space)
  })
  await expect.poll(() => screen.queryByRole('progressbar', { name: 'Loading messages' })).toBeNull()
  say('So soon', 1)
  expect(await screen.findByRole('listitem', { name: /So soon/ })).toBeTruthy()
})
