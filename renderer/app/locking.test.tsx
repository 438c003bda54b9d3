// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { makeMessage, makeSpace, makeTask, noRights } from '../testing/make.ts'
import { openWindow } from '../testing/render.tsx'
import { PASSPHRASE } from '../testing/safety-answers.ts'
import { worldWith } from '../testing/world.ts'

const space = makeSpace('Harbour choir', ['general'])
const channelId = space.channels[0]?.channelId ?? expect.unreachable('no channel')
const secrets = [
  'Harbour choir',
  'general',
  'Bob',
  'A secret of ours',
  'half a thought',
  'oboe',
  '/disk/our choir',
  channelId,
  space.spaceId,
]

async function opened() {
  const messages = [makeMessage(channelId, 1, 'Bob', 'A secret of ours')]
  const view = openWindow(worldWith(structuredClone(space), ['Bob'], { messages }))
  await screen.findByRole('listitem', { name: /A secret of ours/ })
  await view.user.click(screen.getByRole('link', { name: 'general' }))
  return view
}
/** All that the window keeps beyond the profile that is open. */
const kept = ({ stores }: Awaited<ReturnType<typeof opened>>) =>
  JSON.stringify(Object.values(stores).map((part) => ('store' in part ? part.store.getState() : null)))

it('shows and keeps nothing of a profile that was locked: no text, no name, no draft, no search, no file', async () => {
  const view = await opened()
  const { fake, user } = view
  await user.type(screen.getByRole('textbox', { name: 'Message #general' }), 'half a thought')
  await user.type(screen.getByRole('searchbox', { name: 'Search' }), 'oboe')
  await screen.findByText('Nothing found for “oboe”.')
  const result = { kind: 'export' as const, file: '/disk/our choir', messages: 1 }
  fake.emit('task.changed', makeTask('export', { kind: 'done', result }))
  await user.click(screen.getByRole('button', { name: 'Invite people' }))
  expect(kept(view)).toContain('/disk/our choir')

  fake.emit('profile.changed', { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false })
  expect(await screen.findByRole('main', { name: 'SpacePanda is locked' })).toBeDefined()
  for (const secret of secrets) {
    expect(document.documentElement.outerHTML).not.toContain(secret)
    expect(kept(view)).not.toContain(secret)
    expect(JSON.stringify(window.localStorage)).not.toContain(secret)
    expect(document.title).not.toContain(secret)
  }
  const values = [...document.querySelectorAll<HTMLInputElement>('input, textarea')].map(({ value }) => value)
  expect(values).toEqual([''])
})

it('no longer listens for anything of a locked profile', async () => {
  const { fake } = await opened()
  fake.emit('profile.changed', { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false })
  await screen.findByRole('main', { name: 'SpacePanda is locked' })
  fake.emit('message.added', makeMessage(channelId, 2, 'Bob', 'While you were away'))
  fake.emit('spaces.changed', [space])
  await Promise.resolve()
  expect(document.body.textContent).not.toContain('While you were away')
  // The profile itself, tasks, repairs, links from outside and notices that were clicked.
  expect(fake.listeners()).toBe(5)
})

it('begins anew after it was unlocked, with what was being written, and with nothing of it while it is locked', async () => {
  const { fake, user } = await opened()
  await user.type(screen.getByRole('textbox', { name: 'Message #general' }), 'half a thought')
  await user.click(screen.getByRole('button', { name: 'Invite people' }))
  fake.emit('profile.changed', { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false })
  const passphrase = await screen.findByRole('textbox', { name: 'Passphrase' })
  expect(document.body.innerHTML).not.toContain('half a thought')
  await user.type(passphrase, `${PASSPHRASE}{Enter}`)
  expect(await screen.findByRole('listitem', { name: /A secret of ours/ })).toBeDefined()
  expect(screen.getByRole('textbox', { name: 'Message #general' })).toHaveProperty('value', 'half a thought')
  expect(screen.queryByRole('dialog')).toBeNull()
})

it('says in a space that one returns to why nothing can be written yet, and lets one write when that is over', async () => {
  const returning = { ...structuredClone(space), returning: true, may: noRights }
  const { fake } = openWindow(worldWith(returning, ['Bob'], { messages: [makeMessage(channelId, 1, 'Bob', 'Still here')] }))
  expect(await screen.findByText(/This profile was restored from an older copy\. You can read/)).toBeDefined()
  expect(await screen.findByRole('listitem', { name: /Still here/ })).toBeDefined()
  const composer = screen.getByRole('textbox', { name: 'Message #general' })
  expect(composer).toHaveProperty('disabled', true)
  expect(document.getElementById(composer.getAttribute('aria-describedby') ?? '')?.textContent).toMatch(/writing starts again by itself/)
  expect(screen.getByRole('button', { name: 'Send' })).toHaveProperty('disabled', true)
  fake.emit('spaces.changed', [space])
  await expect.poll(() => composer.hasAttribute('disabled')).toBe(false)
  expect(screen.queryByText(/This profile was restored/)).toBeNull()
})

it('reads everything anew once the profile was repaired', async () => {
  const { fake } = await opened()
  fake.world.messages = [makeMessage(channelId, 7, 'Bob', 'From the copy')]
  const checks = [{ name: 'pages', ok: true, detail: 'Whole.' }]
  fake.emit('task.changed', makeTask('repair', { kind: 'done', result: { kind: 'repair', checks } }))
  expect(await screen.findByRole('listitem', { name: /From the copy/ })).toBeDefined()
  expect(screen.queryByRole('listitem', { name: /A secret of ours/ })).toBeNull()
  expect(screen.getByText('Repaired. Everything is in order.')).toBeDefined()
})
