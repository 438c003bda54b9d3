// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { Channel } from '../../../shared/domain/models.ts'
import { makeSpace } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

const START = 'This is the start of #general'
const HELLO = 'Say hello. Everyone in Choir can read this channel.'

/** What stands above the oldest message. */
async function above(part: Partial<Channel>): Promise<[title: string, text: string]> {
  const space = makeSpace('Choir')
  Object.assign(space.channels[0] ?? {}, part)
  openWindow(worldWith(space, ['Bob']))
  const title = await screen.findByRole('heading', { level: 2, name: /start of|joined here|Nothing older/ })
  return [title.textContent, title.nextElementSibling?.textContent ?? '']
}

it('says that it is the start where this device can know that', async () => {
  expect(await above({ before: 'nothing' })).toEqual([START, HELLO])
})

it('says to who came later that what was written before is not here', async () => {
  expect(await above({ before: 'joined' })).toEqual(['You joined here', `What was written before is not on this device. ${HELLO}`])
})

it.each<[Partial<Channel>, string]>([
  [{ before: 'given' }, `What was written before you joined is here as far as members gave it to you. ${HELLO}`],
  [{ before: 'deleted' }, `Older messages were deleted from this device. ${HELLO}`],
  [{ before: 'deleted', keepDays: 30 }, `${HELLO} Messages older than 30 days are deleted from this device.`],
  [{ before: 'unknown' }, HELLO],
])('claims no start of %o', async (part, text) => {
  expect(await above(part)).toEqual(['Nothing older is on this device', text])
})

it('claims none of a conversation of two either that this device does not have from its start', async () => {
  const [title] = await above({ kind: 'direct', name: 'Bob', before: 'unknown' })
  expect(title).toBe('Nothing older is on this device')
})
