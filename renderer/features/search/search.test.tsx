// @vitest-environment jsdom
import { fireEvent, screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { SearchPage } from '../../../shared/domain/models.ts'
import { accept, refuse } from '../../testing/fake-node.ts'
import { makeMessage, makeSpace } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

const space = makeSpace('Choir', ['general', 'second'])
const [general, second] = space.channels.map(({ channelId }) => channelId)
const here = general ?? expect.unreachable('no channel')
const there = second ?? expect.unreachable('no second channel')
const messages = [
  makeMessage(here, 1, 'Bob', 'The alto part is in the cupboard'),
  makeMessage(here, 2, 'Mira', 'Thank you'),
  makeMessage(there, 3, 'Bob', 'No alto here today'),
]

async function opened(count = 0) {
  const more = Array.from({ length: count }, (_, index) => makeMessage(here, 100 + index, 'Bob', `bass ${index}`))
  const view = openWindow(worldWith(structuredClone(space), ['Bob', 'Mira'], { messages: [...messages, ...more] }))
  const box = await screen.findByRole('searchbox', { name: 'Search' })
  await screen.findAllByRole('listitem')
  return { ...view, box, searches: () => view.fake.calls.filter(({ method }) => method === 'messages.search').map(({ args }) => args) }
}
const hits = () => [...document.querySelectorAll<HTMLElement>('#search-hits > [role="option"]')]
const options = async () => {
  await screen.findByRole('listbox', { name: 'Messages found' })
  return hits()
}
const panel = () => screen.getByRole('complementary', { name: 'Search results' })

it('finds messages while one types, once typing rests, and marks what was found', async () => {
  const { box, searches } = await opened()
  // In one go: on a busy machine typing rests between two letters.
  for (const value of ['a', 'al', 'alt', 'alto']) fireEvent.change(box, { target: { value } })
  expect(await options()).toHaveLength(2)
  expect(searches()).toEqual([expect.objectContaining({ text: 'alto', spaceId: space.spaceId, channelId: null, before: null })])
  expect(
    within(panel())
      .getAllByText('alto')
      .map(({ tagName }) => tagName),
  ).toEqual(['MARK', 'MARK'])
  expect(screen.queryByRole('complementary', { name: 'Members' })).toBeNull()
})

it('looks in this channel, this space, or everywhere', async () => {
  const { user, box, searches } = await opened()
  await user.type(box, 'alto')
  await options()
  await user.click(screen.getByRole('radio', { name: 'This channel' }))
  await expect.poll(() => hits().length).toBe(1)
  await user.click(screen.getByRole('radio', { name: 'Everywhere' }))
  await expect.poll(() => hits().length).toBe(2)
  await user.selectOptions(screen.getByRole('combobox', { name: 'Order' }), 'Best match first')
  await expect
    .poll(() => searches().slice(1))
    .toEqual([
      expect.objectContaining({ channelId: here, spaceId: null, order: 'newest' }),
      expect.objectContaining({ channelId: null, spaceId: null }),
      expect.objectContaining({ order: 'relevance' }),
    ])
})

it('goes from hit to hit by keyboard and leaves the others where they are', async () => {
  const { user, box } = await opened()
  await user.type(box, 'alto')
  await options()
  await user.keyboard('{ArrowDown}{Enter}')
  expect(await screen.findByRole('main', { name: 'second' })).toBeDefined()
  expect(document.activeElement).toBe(screen.getByRole('searchbox', { name: 'Search' }))
  await expect.poll(() => document.querySelector('[data-landed]')?.getAttribute('aria-label')).toMatch(/No alto here today/)
  await user.keyboard('{ArrowDown}{Enter}')
  expect(await screen.findByRole('main', { name: 'general' })).toBeDefined()
  await expect.poll(() => document.querySelector('[data-landed]')?.getAttribute('aria-label')).toMatch(/The alto part/)
  expect(hits().find((hit) => hit.getAttribute('aria-selected') === 'true')?.textContent).toContain('cupboard')
})

it('goes to a hit that is clicked', async () => {
  const { user, box } = await opened()
  await user.type(box, 'today')
  await user.click((await options())[0] ?? expect.unreachable('nothing found'))
  expect(await screen.findByRole('main', { name: 'second' })).toBeDefined()
})

it('closes with Escape, forgets what was typed and gives the keyboard back to the composer', async () => {
  const { user, box } = await opened()
  await user.type(box, 'alto')
  await options()
  await user.keyboard('{Escape}')
  expect(screen.queryByRole('complementary', { name: 'Search results' })).toBeNull()
  expect(screen.getByRole('complementary', { name: 'Members' })).toBeDefined()
  expect(box).toHaveProperty('value', '')
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Message #general' }))
})

it('says that nothing was found, and offers to look everywhere', async () => {
  const { user, box, searches } = await opened()
  await user.type(box, 'zebra')
  expect(await screen.findByText('Nothing found for “zebra”.')).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Look everywhere' }))
  await expect.poll(() => searches().at(-1)).toMatchObject({ spaceId: null, channelId: null })
  await expect.poll(() => screen.queryByRole('button', { name: 'Look everywhere' })).toBeNull()
})

it('says that a search failed, and tries again', async () => {
  const { fake, user, box } = await opened()
  fake.on('messages.search', () => refuse('disk'))
  await user.type(box, 'alto')
  expect((await screen.findByRole('alert')).textContent).toContain('The search failed.')
  fake.on('messages.search', () => accept({ hits: [], nextCursor: null }))
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByText('Nothing found for “alto”.')).toBeDefined()
})

it('drops an answer that a later question overtook', async () => {
  const { fake, user, box } = await opened()
  const answers: ((page: SearchPage) => void)[] = []
  fake.on('messages.search', async () => accept(await new Promise<SearchPage>((resolve) => answers.push(resolve))))
  await user.type(box, 'al')
  await expect.poll(() => answers.length).toBe(1)
  await user.type(box, 'to')
  await expect.poll(() => answers.length).toBe(2)
  const hit = { spaceId: space.spaceId, excerpt: 'alto', matches: [] }
  answers[1]?.({ hits: [{ ...hit, message: messages[2] ?? expect.unreachable() }], nextCursor: null })
  expect(await options()).toHaveLength(1)
  answers[0]?.({ hits: [], nextCursor: null })
  await Promise.resolve()
  expect(await options()).toHaveLength(1)
})

it('reads more as one goes down, each hit once', async () => {
  const { user, box } = await opened(45)
  await user.type(box, 'bass')
  expect(await options()).toHaveLength(30)
  const said = within(panel()).getByRole('status')
  expect(said.textContent).toBe('First 30 messages, there are more')
  await user.click(screen.getByRole('button', { name: 'Show more' }))
  await expect.poll(() => hits().length).toBe(45)
  expect(said.textContent).toBe('45 messages found')
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull()
})

it('says what it can look for when nothing is typed any more', async () => {
  const { user, box, searches } = await opened()
  await user.type(box, 'alto')
  await options()
  await user.clear(box)
  expect(await screen.findByText(/Words and beginnings of words are found/)).toBeDefined()
  expect(hits()).toEqual([])
  await user.type(box, '   ')
  expect(searches()).toHaveLength(1)
})

it('lets go of a hit that was deleted meanwhile', async () => {
  const { fake, user, box } = await opened()
  await user.type(box, 'alto')
  expect(await options()).toHaveLength(2)
  fake.emit('messages.removed', { channelId: there, messageIds: [messages[2]?.messageId ?? expect.unreachable()] })
  await expect.poll(() => hits().length).toBe(1)
})

it('draws what was found as the text it is', async () => {
  const { fake, user, box } = await opened()
  const attack = '<img src=x onerror="window.attacked=1">'
  const message = makeMessage(here, 9, attack, attack)
  fake.on('messages.search', () =>
    accept({ hits: [{ message, spaceId: space.spaceId, excerpt: attack, matches: [[1, 4]] }], nextCursor: null }),
  )
  await user.type(box, 'img')
  expect((await options())[0]?.textContent).toContain(attack)
  expect(panel().querySelector('img')).toBeNull()
})

it('takes the keyboard with Ctrl F, and words from the dialog of Ctrl K', async () => {
  const { user, box } = await opened()
  await user.keyboard('{Control>}f{/Control}')
  expect(document.activeElement).toBe(box)
  await user.keyboard('{Control>}k{/Control}')
  await user.type(screen.getByRole('combobox', { name: 'Jump to' }), 'alto')
  await user.click(screen.getByRole('option', { name: 'Find “alto” in messages' }))
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(await options()).toHaveLength(2)
  expect(box).toHaveProperty('value', 'alto')
  expect(document.activeElement).toBe(box)
})

it('gives way to the members when they are asked for', async () => {
  const { user, box } = await opened()
  await user.type(box, 'alto')
  await options()
  await user.click(screen.getByRole('button', { name: 'Show members' }))
  expect(screen.getByRole('complementary', { name: 'Members' })).toBeDefined()
  expect(screen.queryByRole('complementary', { name: 'Search results' })).toBeNull()
})
