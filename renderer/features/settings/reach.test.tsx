// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { Reach } from '../../../shared/domain/models.ts'
import { openWindow } from '../../testing/render.tsx'
import { emptyWorld } from '../../testing/world.ts'

const relay = (letter: string) => `/ip4/203.0.113.7/tcp/4001/p2p/12D3KooW${letter.repeat(44)}`
const usual: Reach = { reachability: 'relays', relays: [], invitedRelays: [], bootstrap: [] }
const begin = async (reach: Partial<Reach> = {}) => {
  const view = openWindow(emptyWorld({ reach: { ...usual, ...reach } }))
  await view.user.click(await screen.findByRole('button', { name: 'Settings' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Settings' }))
  await view.user.click(dialog.getByRole('tab', { name: 'Connection' }))
  await dialog.findByRole('radio', { name: 'My relays' })
  return { ...view, dialog, sent: () => view.fake.calls.filter(({ method }) => method === 'reach.set').map(({ args }) => args) }
}

it('offers three choices, and says of each what others can learn', async () => {
  const { user, dialog, sent } = await begin()
  for (const words of [/Nobody outside learns/, /A relay learns your network address/, /Anybody who knows your network key/])
    expect(dialog.getByText(words)).toBeDefined()
  await user.click(dialog.getByRole('radio', { name: 'This network only' }))
  await expect.poll(() => dialog.queryByRole('textbox', { name: 'Address of a relay' })).toBeNull()
  await user.click(dialog.getByRole('radio', { name: 'Public network' }))
  expect(await dialog.findByRole('textbox', { name: 'Address to begin at' })).toBeDefined()
  expect(sent()).toEqual([
    { ...usual, reachability: 'local' },
    { ...usual, reachability: 'public' },
  ])
})

it('takes a relay, and lets it go', async () => {
  const { user, dialog, sent } = await begin()
  await user.type(dialog.getByRole('textbox', { name: 'Address of a relay' }), `${relay('a')}{Enter}`)
  expect(await dialog.findByText(relay('a'))).toBeDefined()
  expect(dialog.getByRole('textbox', { name: 'Address of a relay' })).toHaveProperty('value', '')
  await user.click(dialog.getByRole('button', { name: 'Remove …aaaaaa' }))
  await expect.poll(() => dialog.queryByText(relay('a'))).toBeNull()
  expect(sent()).toEqual([{ ...usual, relays: [relay('a')] }, usual])
})

it('says what is wrong with an address, and keeps it for mending', async () => {
  const { user, dialog } = await begin()
  const field = dialog.getByRole('textbox', { name: 'Address of a relay' })
  await user.type(field, 'nonsense{Enter}')
  expect(await dialog.findByRole('alert')).toBeDefined()
  expect(field).toHaveProperty('value', 'nonsense')
  await user.type(field, 'x')
  expect(dialog.queryByRole('alert')).toBeNull()
})

it('shows which relays an invitation named, each once, and lets go of them too', async () => {
  const { user, dialog, sent } = await begin({ relays: [relay('a')], invitedRelays: [relay('a'), relay('b')] })
  expect(dialog.getAllByRole('listitem').map((item) => item.textContent)).toEqual([relay('a'), `${relay('b')}Named by an invitation`])
  await user.click(dialog.getByRole('button', { name: 'Remove …bbbbbb' }))
  await expect.poll(() => sent()).toEqual([{ ...usual, relays: [relay('a')], invitedRelays: [relay('a')] }])
})
