// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { beforeEach, expect, it } from 'vitest'
import { makeSpace } from '../testing/make.ts'
import { installPlatform } from '../testing/platform.ts'
import { openWindow } from '../testing/render.tsx'
import { worldWith } from '../testing/world.ts'

/** As 480 pixels are at 200 %. */
const WIDTH = 240

beforeEach(() => {
  const wide = window.matchMedia
  window.matchMedia = (query) => {
    const least = /min-width: (\d+)px/.exec(query)?.[1]
    return wide(least !== undefined && Number(least) > WIDTH ? query.replace('min-width', 'width') : query)
  }
  return installPlatform
})

it('in a window without room for them, what the tools of a channel do is in its menu', async () => {
  const { user } = openWindow(worldWith(makeSpace('Choir'), ['Bob']))
  const main = await screen.findByRole('main', { name: 'general' })
  expect(within(main).queryByRole('button', { name: 'Jump to a date' })).toBeNull()
  await user.click(within(main).getByRole('button', { name: 'Channel menu' }))
  await user.click(screen.getByRole('menuitem', { name: 'Jump to a date' }))
  expect(await screen.findByRole('dialog', { name: 'Jump to a date' })).toBeTruthy()
  await user.keyboard('{Escape}')
  await user.click(within(main).getByRole('button', { name: 'Channel menu' }))
  await user.click(screen.getByRole('menuitem', { name: 'Show members' }))
  expect(await screen.findByRole('complementary', { name: 'Members' })).toBeTruthy()
})
