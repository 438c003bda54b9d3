// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { Channel } from '../../../shared/domain/models.ts'
import { refuse } from '../../testing/fake-node.ts'
import { makeSpace } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

async function opened(item: string, part: Partial<Channel> = {}) {
  const space = makeSpace('Choir', ['tea/biscuits'])
  Object.assign(space.channels[0] ?? {}, part)
  const view = openWindow(worldWith(space, ['Bob']))
  await view.user.click(await screen.findByRole('button', { name: 'Channel menu' }))
  await view.user.click(screen.getByRole('menuitem', { name: item }))
  const channelId = space.channels[0]?.channelId
  const argsOf = (wanted: string) => view.fake.calls.filter(({ method }) => method === wanted).map(({ args }) => args)
  return { ...view, channelId, argsOf, dialog: within(screen.getByRole('dialog')) }
}

it('keeps messages for so long, after saying what is deleted at once', async () => {
  const { user, dialog, channelId, argsOf } = await opened('Channel settings')
  expect(dialog.getByRole('radio', { name: 'As long as the channel exists' }).getAttribute('aria-checked')).toBe('true')
  expect(dialog.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true)
  await user.click(dialog.getByRole('radio', { name: '30 days' }))
  expect(dialog.getByRole('status').textContent).toMatch(/older than 30 days are deleted from this device within a minute/)
  await user.click(dialog.getByRole('button', { name: 'Save and delete older messages' }))
  expect(argsOf('channels.setKeepDays')).toEqual([{ channelId, keepDays: 30 }])
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(await screen.findByText(/Messages older than 30 days are deleted from this device\./)).toBeDefined()
})

it('deletes nothing when it is to keep longer, and says so', async () => {
  const { user, dialog, channelId, argsOf } = await opened('Channel settings', { keepDays: 7 })
  await user.click(dialog.getByRole('radio', { name: '1 year' }))
  expect(dialog.getByRole('status').textContent).toMatch(/Nothing is deleted now/)
  await user.click(dialog.getByRole('button', { name: 'Save' }))
  expect(argsOf('channels.setKeepDays')).toEqual([{ channelId, keepDays: 365 }])
})

it('shows what was set elsewhere, and says when it could not be changed', async () => {
  const { fake, user, dialog } = await opened('Channel settings', { keepDays: 45 })
  expect(dialog.getByRole('radio', { name: '45 days' }).getAttribute('aria-checked')).toBe('true')
  fake.on('channels.setKeepDays', () => refuse('disk'))
  await user.click(dialog.getByRole('radio', { name: '1 day' }))
  await user.click(dialog.getByRole('button', { name: 'Save and delete older messages' }))
  expect((await dialog.findByRole('alert')).textContent).toContain('The disk did not take it')
})

it('exports a channel, as a page or as data, into a file that was chosen', async () => {
  const { fake, user, dialog, channelId, argsOf } = await opened('Export messages')
  expect(dialog.getByText(/The file is not encrypted/)).toBeDefined()
  await user.click(dialog.getByRole('radio', { name: 'Data for programs (JSON)' }))
  await user.click(dialog.getByRole('button', { name: 'Choose where to save it' }))
  expect(fake.wishes).toEqual([{ purpose: 'save-json', name: expect.stringMatching(/^teabiscuits 2026-11-2[12]\.json$/) as string }])
  expect(argsOf('export.channel')).toEqual([{ channelId, format: 'json', file: '/home/alice/chosen' }])
  expect(await dialog.findByRole('progressbar', { name: 'Exporting messages' })).toBeDefined()
  const [task] = fake.world.tasks
  if (task === undefined) return expect.unreachable('no task')
  fake.emit('task.changed', { ...task, state: { kind: 'done', result: { kind: 'export', file: '/home/alice/chosen', messages: 1_234 } } })
  expect(await dialog.findByText('Exported 1,234 messages.')).toBeDefined()
  expect(dialog.getByText('/home/alice/chosen')).toBeDefined()
})

it('exports nothing when no file was chosen', async () => {
  const { fake, user, dialog, argsOf } = await opened('Export messages')
  fake.world.chosen = null
  await user.click(dialog.getByRole('button', { name: 'Choose where to save it' }))
  expect(fake.wishes).toHaveLength(1)
  expect(argsOf('export.channel')).toEqual([])
})

it('renames a channel from the name it has', async () => {
  const { user, dialog, channelId, argsOf } = await opened('Rename…')
  const name = dialog.getByRole('textbox', { name: 'Channel name' })
  expect(name).toHaveProperty('value', 'tea/biscuits')
  await user.clear(name)
  await user.type(name, 'cake{Enter}')
  expect(argsOf('channels.rename')).toEqual([{ channelId, name: 'cake' }])
  expect(await screen.findByRole('main', { name: 'cake' })).toBeDefined()
  expect(screen.queryByRole('dialog')).toBeNull()
})

it('says when it could not be renamed, and keeps what was typed', async () => {
  const { fake, user, dialog } = await opened('Rename…')
  fake.on('channels.rename', () => refuse('conflict'))
  await user.type(dialog.getByRole('textbox', { name: 'Channel name' }), ' and cake{Enter}')
  expect((await dialog.findByRole('alert')).textContent).toContain('Someone changed this at the same moment')
  expect(dialog.getByRole('textbox', { name: 'Channel name' })).toHaveProperty('value', 'tea/biscuits and cake')
})

it('offers no renaming to who may not', async () => {
  const space = makeSpace('Choir', ['tea'])
  for (const channel of space.channels) channel.may = { ...channel.may, rename: false }
  const { user } = openWindow(worldWith(space, ['Bob']))
  await user.click(await screen.findByRole('button', { name: 'Channel menu' }))
  expect(screen.queryByRole('menuitem', { name: 'Rename…' })).toBeNull()
})
