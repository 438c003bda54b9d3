// @vitest-environment jsdom
import { fireEvent, screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { refuse } from '../../testing/fake-node.ts'
import { makeMessage, makeSpace } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

const space = makeSpace('Choir')
const channelId = space.channels[0]?.channelId ?? expect.unreachable('no channel')
const messages = [makeMessage(channelId, 1, 'Bob', 'Keep me'), makeMessage(channelId, 2, 'Bob', 'Remove me')]

async function opened() {
  const view = openWindow(worldWith(structuredClone(space), ['Bob'], { messages: structuredClone(messages) }))
  const item = await screen.findByRole('listitem', { name: /Remove me/ })
  const deletions = () => view.fake.calls.filter(({ method }) => method === 'messages.deleteForMe').map(({ args }) => args)
  return { ...view, item, deletions }
}

it('deletes for oneself, after saying what that does and does not do', async () => {
  const { user, item, deletions } = await opened()
  await user.click(within(item).getByRole('button', { name: 'Message menu' }))
  await user.click(screen.getByRole('menuitem', { name: 'Delete for me' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Delete this message for you?' }))
  expect(dialog.getByText(/removed from this device/)).toBeDefined()
  expect(dialog.getByText(/Everyone else keeps it.*Backup files made earlier still hold it/)).toBeDefined()
  expect(deletions()).toEqual([])
  await user.click(dialog.getByRole('button', { name: 'Delete for me' }))
  await expect.poll(() => screen.queryByRole('listitem', { name: /Remove me/ })).toBeNull()
  expect(deletions()).toEqual([{ messageId: messages[1]?.messageId }])
  expect(screen.getByRole('listitem', { name: /Keep me/ })).toBeDefined()
  expect(screen.queryByRole('dialog')).toBeNull()
})

it('leaves the keyboard in the list where the last is gone and one may not write', async () => {
  const out = { ...structuredClone(space), status: { kind: 'removed' as const, by: 'Bob', at: 1 } }
  const { user } = openWindow(worldWith(out, ['Bob'], { messages: structuredClone(messages.slice(1)) }))
  const item = await screen.findByRole('listitem', { name: /Remove me/ })
  await user.click(within(item).getByRole('button', { name: 'Message menu' }))
  await user.click(screen.getByRole('menuitem', { name: 'Delete for me' }))
  await user.click(screen.getByRole('button', { name: 'Delete for me' }))
  await expect.poll(() => screen.queryByRole('listitem', { name: /Remove me/ })).toBeNull()
  const list = screen.getByRole('list', { name: 'Messages' })
  await expect.poll(() => document.activeElement?.contains(list) === true && document.activeElement !== document.body).toBe(true)
})

it('leaves the keyboard on the next message, else on the one before, and at last where one writes', async () => {
  const { user, fake } = await opened()
  fake.emit('message.added', makeMessage(channelId, 3, 'Bob', 'The newest'))
  const row = (text: string) => screen.getByRole('listitem', { name: new RegExp(text) })
  const remove = async (text: string) => {
    await user.click(within(row(text)).getByRole('button', { name: 'Message menu' }))
    await user.click(screen.getByRole('menuitem', { name: 'Delete for me' }))
    await user.click(screen.getByRole('button', { name: 'Delete for me' }))
  }
  await screen.findByRole('listitem', { name: /The newest/ })
  await remove('Remove me')
  await expect.poll(() => document.activeElement).toBe(row('The newest'))
  await remove('The newest')
  await expect.poll(() => document.activeElement).toBe(row('Keep me'))
  await remove('Keep me')
  await expect.poll(() => document.activeElement).toBe(screen.getByRole('textbox', { name: 'Message #general' }))
})

it('does nothing unless it is confirmed: the way back has the focus', async () => {
  const { user, item, deletions } = await opened()
  await user.click(within(item).getByRole('button', { name: 'Message menu' }))
  await user.click(screen.getByRole('menuitem', { name: 'Delete for me' }))
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Cancel' }))
  await user.keyboard('{Enter}')
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(deletions()).toEqual([])
  expect(screen.getByRole('listitem', { name: /Remove me/ })).toBeDefined()
})

it('says that it could not, and leaves the message', async () => {
  const { fake, user, item } = await opened()
  fake.on('messages.deleteForMe', () => refuse('disk'))
  await user.click(within(item).getByRole('button', { name: 'Message menu' }))
  await user.click(screen.getByRole('menuitem', { name: 'Delete for me' }))
  await user.click(screen.getByRole('button', { name: 'Delete for me' }))
  expect((await screen.findByRole('alert')).textContent).toContain('The disk did not take it')
  expect(screen.getByRole('listitem', { name: /Remove me/ })).toBeDefined()
})

it('goes by keyboard alone: Tab to the menu of the message, arrows, Enter, Escape', async () => {
  const { fake, user, item } = await opened()
  item.focus()
  await user.tab()
  const button = within(item).getByRole('button', { name: 'Message menu' })
  expect(document.activeElement).toBe(button)
  await user.keyboard('{Enter}')
  expect(document.activeElement).toBe(screen.getByRole('menuitem', { name: 'Copy text' }))
  await user.keyboard('{ArrowDown}')
  expect(document.activeElement).toBe(screen.getByRole('menuitem', { name: 'Delete for me' }))
  await user.keyboard('{Escape}')
  expect(screen.queryByRole('menu')).toBeNull()
  expect(document.activeElement).toBe(button)
  await user.keyboard('{Enter}{Enter}')
  expect(fake.copied).toEqual(['Remove me'])
})

it('opens the menu with the other mouse button, and a press beside it closes it', async () => {
  const { user, item } = await opened()
  fireEvent.contextMenu(item, { clientX: 40, clientY: 50 })
  expect(screen.getByRole('menu', { name: 'Message menu' })).toBeDefined()
  await user.click(screen.getByRole('textbox', { name: 'Message #general' }))
  expect(screen.queryByRole('menu')).toBeNull()
})

it('takes away what was deleted elsewhere', async () => {
  const { fake } = await opened()
  fake.emit('messages.removed', { channelId, messageIds: [messages[1]?.messageId ?? expect.unreachable()] })
  await expect.poll(() => screen.queryByRole('listitem', { name: /Remove me/ })).toBeNull()
  fake.world.messages = []
  fake.emit('messages.removed', { channelId, messageIds: null })
  await expect.poll(() => screen.queryByRole('listitem', { name: /Keep me/ })).toBeNull()
})
