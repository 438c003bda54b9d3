// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { accept, refuse } from '../../testing/fake-node.ts'
import { idOf, makeJoin, makeSpace, NOON } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { emptyWorld, worldWith } from '../../testing/world.ts'

const LINK = 'spacepanda:join/abc'
const begin = async () => {
  const view = openWindow(emptyWorld())
  await view.user.click(await screen.findByRole('button', { name: 'Join a space' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Join a space' }))
  return {
    ...view,
    dialog,
    field: dialog.getByRole('textbox', { name: 'Invitation link' }),
    join: dialog.getByRole('button', { name: 'Join' }),
  }
}

it('reads a pasted link, and joins only when asked to', async () => {
  const { fake, user, dialog, field, join } = await begin()
  await user.click(field)
  await user.paste(LINK)
  expect(await dialog.findByText('Harbour choir')).toBeDefined()
  expect(dialog.getByText(/Valid until .*The name comes from the link/)).toBeDefined()
  expect(fake.calls.some(({ method }) => method === 'joins.start')).toBe(false)
  await user.click(join)
  expect(await screen.findByRole('dialog', { name: 'Joining Harbour choir' })).toBeDefined()
})

it('keeps the lines of a pasted message apart, so that the node can find the link in it', async () => {
  const { fake, user, field, join } = await begin()
  await user.click(field)
  await user.paste(`Come in:\r\n${LINK}\nAnn`)
  expect(field).toHaveProperty('value', `Come in: ${LINK} Ann`)
  await user.click(join)
  expect(fake.calls.find(({ method }) => method === 'joins.start')?.args).toMatchObject({ link: `Come in: ${LINK} Ann` })
})

it.each([
  ['invitation-malformed', /not a complete invitation link/],
  ['invitation-expired', /has expired/],
  ['invitation-used-up', /used as often as it allows/],
  ['invitation-revoked', /was withdrawn/],
  ['invitation-wrong-space', /do not know this invitation/],
  ['already-member', /already in this space/],
  ['not-permitted', /may not let anyone in/],
  ['removed', /removed from this space/],
] as const)('says what %s means, at once and when the node refuses later', async (code, words) => {
  const { fake, user, dialog, field, join } = await begin()
  fake.on('joins.start', () => refuse(code))
  await user.type(field, LINK)
  await user.click(join)
  expect((await dialog.findByRole('alert')).textContent).toMatch(words)
  expect(field).toHaveProperty('value', LINK)

  fake.on('joins.start', () => accept(makeJoin('Harbour choir')))
  await user.click(join)
  await screen.findByRole('dialog', { name: 'Joining Harbour choir' })
  fake.emit('join.changed', makeJoin('Harbour choir', { state: { kind: 'refused', code, message: '' } }))
  const refused = within(await screen.findByRole('dialog', { name: 'You could not join Harbour choir' }))
  expect(refused.getByRole('alert').textContent).toMatch(words)
})

it('names the step it is at, and opens the space when it is done', async () => {
  const { fake, user, field, join } = await begin()
  await user.type(field, LINK)
  await user.click(join)
  const dialog = within(await screen.findByRole('dialog', { name: 'Joining Harbour choir' }))
  const step = () => dialog.getAllByRole('listitem').find((item) => item.getAttribute('aria-current') === 'step')?.textContent
  expect(step()).toBe('Finding someone from the space')
  fake.emit('join.changed', makeJoin('Harbour choir', { state: { kind: 'working', step: 'admitting' } }))
  await expect.poll(step).toBe('Being added by a member')
  const space = makeSpace('Harbour choir')
  fake.emit('spaces.changed', [space])
  fake.emit('join.changed', makeJoin('Harbour choir', { state: { kind: 'done', spaceId: space.spaceId } }))
  expect(await screen.findByRole('main', { name: 'general' })).toBeDefined()
  expect(screen.queryByRole('dialog')).toBeNull()
})

it('keeps a join in the rail, across a restart, where it can be tried now and stopped', async () => {
  const waiting = { kind: 'waiting', step: 'connecting', code: 'unreachable', message: '', retryAt: NOON + 30_000 } as const
  const { fake, user } = openWindow(emptyWorld({ joins: [makeJoin('Harbour choir', { state: waiting })] }))
  const rail = within(await screen.findByRole('navigation', { name: 'Spaces' }))
  await user.click(await rail.findByRole('button', { name: 'Joining Harbour choir' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Joining Harbour choir' }))
  expect(dialog.getByText(/Nobody from the space can be reached right now\. It goes on by itself as soon as/)).toBeDefined()
  await user.click(dialog.getByRole('button', { name: 'Try now' }))
  expect(fake.calls.at(-1)?.method).toBe('joins.retry')
  await user.click(dialog.getByRole('button', { name: 'Stop joining' }))
  expect(await screen.findByRole('dialog', { name: 'Joining Harbour choir was stopped' })).toBeDefined()
  expect(rail.queryByRole('button', { name: 'Joining Harbour choir' })).toBeNull()
})

it.each([
  ['unreachable', 'somebody answered who cannot let one in yet, and what to do if that lasts', /ask for a new one/],
  ['returning', 'one was let in, and has not got what lets one come in', /another member lets you in instead/],
  ['removed', 'one was removed meanwhile, which may be undone', /in case that is undone/],
] as const)('says of one that waits (%s) that %s', async (code, _, words) => {
  const waiting = { kind: 'waiting', step: 'admitting', code, message: '', retryAt: NOON + 30_000 } as const
  const { user } = openWindow(emptyWorld({ joins: [makeJoin('Harbour choir', { state: waiting })] }))
  const rail = within(await screen.findByRole('navigation', { name: 'Spaces' }))
  await user.click(await rail.findByRole('button', { name: 'Joining Harbour choir' }))
  expect(screen.getByText(words)).toBeDefined()
  expect(screen.queryByText(/Nobody from the space can be reached/)).toBeNull()
})

it.each(['unreachable', 'timed-out'] as const)('goes on saying that nobody is there (%s) while it looks again', async (code) => {
  const trouble = { step: 'connecting', code, message: '' } as const
  const { fake, user } = openWindow(emptyWorld({ joins: [makeJoin('Harbour choir', { trouble })] }))
  const main = within(await screen.findByRole('main'))
  await user.click(await main.findByText('Nobody from the space can be reached right now'))
  const dialog = within(screen.getByRole('dialog', { name: 'Joining Harbour choir' }))
  expect(dialog.getByText(/Nobody from the space can be reached right now\./)).toBeDefined()
  expect(dialog.getByText('Trying again now')).toBeDefined()
  fake.emit('join.changed', makeJoin('Harbour choir', { state: { kind: 'working', step: 'asking' } }))
  await expect.poll(() => dialog.queryByText('Trying again now')).toBeNull()
})

it('removes a refused join from the list', async () => {
  const refused = makeJoin('Old friends', { state: { kind: 'refused', code: 'invitation-expired', message: '' } })
  const { user } = openWindow(emptyWorld({ joins: [refused] }))
  const rail = within(await screen.findByRole('navigation', { name: 'Spaces' }))
  await user.click(await rail.findByRole('button', { name: 'Could not join Old friends' }))
  await user.click(screen.getByRole('button', { name: 'Remove from the list' }))
  await expect.poll(() => rail.queryByRole('button', { name: 'Could not join Old friends' })).toBeNull()
})

describe('a join that failed', () => {
  const failed = (word: string, startedAt: number) =>
    makeJoin('Old friends', { joinId: idOf(word), startedAt, state: { kind: 'refused', code: 'invitation-used-up', message: '' } })
  const tiles = async () => {
    const rail = within(await screen.findByRole('navigation', { name: 'Spaces' }))
    return () => rail.queryAllByRole('button', { name: /^(Could not join|Joining) Old friends$/ })
  }

  it('is not told where this device is in that space', async () => {
    openWindow(worldWith(makeSpace('Old friends'), [], { joins: [failed('one', NOON)] }))
    const shown = await tiles()
    await screen.findByRole('main', { name: 'general' })
    expect(shown()).toEqual([])
  })

  it('is told where this device waits there to be let in, which it tried by that invitation', async () => {
    const space = { ...makeSpace('Old friends'), astray: true, uninvited: 'refused' as const, returning: true }
    openWindow(worldWith(space, [], { joins: [failed('one', NOON)] }))
    const shown = await tiles()
    await expect.poll(() => shown().length).toBe(1)
  })

  it('makes room for the next try for the same space, on a tile of the same colour', async () => {
    const { fake } = openWindow(emptyWorld({ joins: [failed('one', NOON), failed('two', NOON + 1)] }))
    const shown = await tiles()
    await expect.poll(() => shown().length).toBe(1)
    const hue = () => shown()[0]?.querySelector('span')?.getAttribute('style')
    const before = hue()
    fake.emit('join.changed', makeJoin('Old friends', { joinId: idOf('three'), startedAt: NOON + 2 }))
    await expect.poll(() => shown().map((tile) => tile.getAttribute('aria-label'))).toEqual(['Joining Old friends'])
    expect(hue()).toBe(before)
  })
})
