// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { refuse } from '../../testing/fake-node.ts'
import type { FakeBridge } from '../../testing/fake-node.ts'
import { idOf, makeInvitation, makeSpace, NOON } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'
import type { World } from '../../testing/world.ts'
import { qrPath } from './qr-code.tsx'

const space = makeSpace('Choir')
const begin = async (
  part: Partial<World> = {},
  prepare: (view: ReturnType<typeof openWindow>) => void = () => {},
  others: string[] = [],
) => {
  const view = openWindow(worldWith(space, others, part))
  prepare(view)
  await view.user.click(await screen.findByRole('button', { name: 'Invite people' }))
  return { ...view, dialog: within(screen.getByRole('dialog', { name: 'Invite people' })) }
}
function link(dialog: Dialog): HTMLInputElement {
  const field = dialog.getByRole('textbox', { name: 'Invitation link' })
  return field instanceof HTMLInputElement ? field : expect.unreachable('not an input')
}

type Dialog = Awaited<ReturnType<typeof begin>>['dialog']
const noLink = (dialog: Dialog) => expect(dialog.queryByRole('textbox', { name: 'Invitation link' })).toBeNull()
const creations = (fake: FakeBridge) => fake.calls.flatMap(({ method, args }) => (method === 'invitations.create' ? [args] : []))
const make = async ({ user, dialog }: Pick<Awaited<ReturnType<typeof begin>>, 'user' | 'dialog'>) => {
  await user.click(dialog.getByRole('button', { name: /^Make (a|another) link$/ }))
  await dialog.findByRole('textbox', { name: 'Invitation link' })
}
const items = (dialog: Dialog) => within(dialog.getByRole('list', { name: 'Active invitations' })).getAllByRole('listitem')

it('makes no link before it is asked for one, whatever there is', async () => {
  const none = await begin()
  await expect.poll(() => none.fake.calls.some(({ method }) => method === 'invitations.list')).toBe(true)
  noLink(none.dialog)
  expect(none.dialog.queryByRole('button', { name: 'Copy' })).toBeNull()
  expect(none.dialog.queryByText(/this link/)).toBeNull()
  none.unmount()
  const some = await begin({ invitations: [makeInvitation(space.spaceId)] })
  await some.dialog.findByRole('list', { name: 'Active invitations' })
  noLink(some.dialog)
  expect([...creations(none.fake), ...creations(some.fake)]).toEqual([])
})

it('makes a link when asked to, shows it read-only and as a QR code, and copies it', async () => {
  const view = await begin()
  const { fake, user, dialog } = view
  await make(view)
  expect(link(dialog).value).toMatch(/^spacepanda:join\//)
  expect(link(dialog).readOnly).toBe(true)
  expect(dialog.getByRole('img', { name: 'Invitation QR code' })).toBeDefined()
  await user.click(dialog.getByRole('button', { name: 'Copy' }))
  expect(fake.copied).toEqual([link(dialog).value])
  expect((await dialog.findAllByText('Copied')).length).toBeGreaterThan(0)
})

it('makes it for as long and as many as was chosen, and says so under it', async () => {
  const view = await begin()
  const { fake, user, dialog } = view
  await user.selectOptions(dialog.getByRole('combobox', { name: 'Valid for' }), '1 hour')
  await user.selectOptions(dialog.getByRole('combobox', { name: 'How many people' }), '1 person')
  await make(view)
  expect(creations(fake)).toEqual([{ spaceId: space.spaceId, expiresInMs: 3_600_000, maxUses: 1 }])
  expect(dialog.getByText(/^Until Sat, Nov 21, .*, for one person\.$/)).toBeDefined()
})

it.each([
  ['How many people', '1 person'],
  ['Valid for', '1 hour'],
])('offers a link no more once %s is chosen otherwise', async (name, choice) => {
  const view = await begin()
  const { user, dialog } = view
  await make(view)
  const first = link(dialog).value
  await user.selectOptions(dialog.getByRole('combobox', { name }), choice)
  noLink(dialog)
  expect(dialog.queryByRole('button', { name: 'Copy' })).toBeNull()
  expect(items(dialog)).toHaveLength(1)
  await make(view)
  await user.click(dialog.getByRole('button', { name: 'Copy' }))
  expect(view.fake.copied).toEqual([view.fake.world.invitations[1]?.link])
  expect(first).toBe(view.fake.world.invitations[0]?.link)
})

it('tells the active ones apart, the newest first, and copies an older one whose link is here', async () => {
  const invitations = [
    makeInvitation(space.spaceId, {
      invitationId: idOf('one'),
      link: 'spacepanda:join/one',
      maxUses: 5,
      uses: 2,
      madeAt: NOON - 3_600_000,
    }),
    makeInvitation(space.spaceId, { invitationId: idOf('two'), link: null, createdBy: idOf('Bob'), madeAt: null, uses: 1, role: 'guest' }),
    makeInvitation(space.spaceId, { invitationId: idOf('three'), link: null, createdBy: idOf('Zoe'), madeAt: null }),
  ]
  const { fake, user, dialog } = await begin({ invitations }, undefined, ['Bob'])
  await dialog.findByRole('list', { name: 'Active invitations' })
  expect(items(dialog).map((item) => item.querySelector('span')?.textContent)).toEqual([
    'not used yet · made on another device',
    'used once · joins as guest · made by Bob, who has the link',
    expect.stringMatching(/^used 2 of 5 · made Sat, Nov 21, /),
  ])
  expect(items(dialog)[2]?.textContent).toMatch(/^Until Sat, Nov 28, .*, for up to 5 people/)
  await user.click(dialog.getByRole('button', { name: /^Copy the link: Until .*, for up to 5 people$/ }))
  expect(fake.copied).toEqual(['spacepanda:join/one'])
})

it('shows while it is open that somebody came by a link, and offers one that is used up no more', async () => {
  const view = await begin()
  const { fake, user, dialog } = view
  await user.selectOptions(dialog.getByRole('combobox', { name: 'How many people' }), '5 people')
  await make(view)
  const cameIn = (uses: number) => {
    fake.world.invitations = fake.world.invitations.flatMap((one) => (uses < 5 ? [{ ...one, uses }] : []))
    fake.emit('members.changed', { spaceId: space.spaceId, members: fake.world.members[space.spaceId] ?? [] })
  }
  expect(items(dialog)[0]?.textContent).toContain('used 0 of 5')
  cameIn(1)
  await expect.poll(() => items(dialog)[0]?.textContent).toContain('used 1 of 5')
  cameIn(5)
  expect(await dialog.findByText('The link that was here lets nobody in any more.')).toBeDefined()
  noLink(dialog)
})

it('asks before it revokes, and then says it is done', async () => {
  const view = await begin()
  const { fake, user, dialog } = view
  await make(view)
  await user.click(await dialog.findByRole('button', { name: /^Withdraw/ }))
  expect(dialog.getByText(/stops working for everyone who has not joined yet/)).toBeDefined()
  expect(fake.calls.some(({ method }) => method === 'invitations.revoke')).toBe(false)
  await user.click(dialog.getByRole('button', { name: 'Withdraw it' }))
  expect(await dialog.findByText('Invitation withdrawn')).toBeDefined()
  noLink(dialog)
  expect(dialog.queryByText(/lets nobody in any more/)).toBeNull()
})

it('says why no link could be made', async () => {
  const { user, dialog } = await begin({}, ({ fake }) => fake.on('invitations.create', () => refuse('not-permitted')))
  await user.click(dialog.getByRole('button', { name: 'Make a link' }))
  expect((await dialog.findByRole('alert')).textContent).toContain('Your role in this space does not allow that')
})

it('says that a link is too long for a QR code', () => {
  expect(qrPath(`spacepanda:join/${'a'.repeat(2900)}`)).not.toBeNull()
  expect(qrPath(`spacepanda:join/${'a'.repeat(3000)}`)).toBeNull()
})
