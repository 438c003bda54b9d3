// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { MemberId } from '../../../shared/domain/ids.ts'
import { allRights, idOf, makeMessage, makeSpace } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

const choir = makeSpace('Choir')
const general = choir.channels[0]?.channelId ?? ('' as never)
const carol = { memberId: idOf<MemberId>('Carol'), name: 'Carol' }
const open = (part: Partial<typeof choir> = {}) => {
  const messages = [makeMessage(general, 1, 'Bob', 'Before you', { sharedBy: carol, seq: -1 }), makeMessage(general, 2, 'Bob', 'Now')]
  return openWindow(worldWith({ ...structuredClone(choir), ...part }, ['Bob'], { messages }))
}
const menu = async (user: ReturnType<typeof open>['user']) => user.click(await screen.findByRole('button', { name: 'Space menu' }))

it('asks what newcomers are given, says what each choice means, and keeps it', async () => {
  const { fake, user } = open()
  await menu(user)
  await user.click(screen.getByRole('menuitem', { name: 'History for newcomers…' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'History for newcomers' }))
  expect((await dialog.findByRole('radio', { name: 'Nothing of what was said before' })).getAttribute('aria-checked')).toBe('true')
  await user.click(dialog.getByRole('radio', { name: 'The last messages of each channel' }))
  expect(dialog.getByText(/cannot be taken back/)).toBeDefined()
  const count = dialog.getByRole('textbox', { name: 'Messages of each channel' })
  await user.clear(count)
  expect(dialog.getByRole('button', { name: 'Save' }).hasAttribute('disabled')).toBe(true)
  await user.type(count, '25')
  await user.click(dialog.getByRole('button', { name: 'Save' }))
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull()
  expect(fake.calls.filter(({ method }) => method === 'spaces.setHistory').map(({ args }) => args)).toEqual([
    { spaceId: choir.spaceId, history: { kind: 'last', count: 25 } },
  ])
})

it('has its choices from the beginning, and takes none before it is known which one holds', async () => {
  const { fake, user } = open()
  let answer = (): void => undefined
  fake.on('spaces.history', () => new Promise((resolve) => (answer = () => resolve({ ok: true, value: { kind: 'all' } }))))
  await menu(user)
  await user.click(screen.getByRole('menuitem', { name: 'History for newcomers…' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'History for newcomers' }))
  const radios = () => dialog.getAllByRole('radio').map((radio) => [radio.getAttribute('aria-checked'), radio.hasAttribute('disabled')])
  expect(radios()).toEqual(Array.from({ length: 3 }, () => ['false', true]))
  expect(dialog.getByRole('progressbar', { name: 'Reading what is set' })).toBeDefined()
  answer()
  await expect.poll(radios).toEqual([
    ['false', false],
    ['false', false],
    ['true', false],
  ])
  expect(dialog.queryByRole('progressbar')).toBeNull()
})

it('offers that to those who manage the space alone', async () => {
  const { user } = open({ may: { ...allRights, manageSpace: false } })
  await menu(user)
  expect(screen.queryByRole('menuitem', { name: 'History for newcomers…' })).toBeNull()
})

it('says of a message that its author gave to this device alone that others may not have it', async () => {
  const bob = { memberId: idOf<MemberId>('Bob'), name: 'Bob' }
  const messages = [makeMessage(general, 1, 'Bob', 'For you', { sharedBy: bob })]
  openWindow(worldWith(structuredClone(choir), ['Bob'], { messages }))
  expect((await screen.findByText('Given to you directly')).getAttribute('title')).toMatch(
    /^Bob wrote it while this space was in two parts/,
  )
})

it('says who passed on what was said before, and who is passing on more', async () => {
  open({ gettingHistoryFrom: 'Carol' })
  expect(await screen.findByText('Getting earlier messages from Carol…')).toBeDefined()
  expect(screen.getAllByText('Shared by Carol').map((label) => label.getAttribute('title'))).toEqual([
    'Of before you joined. Carol passed it on; nothing proves that Bob wrote it.',
  ])
})
