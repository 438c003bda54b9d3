// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { ChannelId, MemberId } from '../../shared/domain/ids.ts'
import type { Channel } from '../../shared/domain/models.ts'
import { idOf, makeChannel, makeSpace } from '../testing/make.ts'
import { openWindow } from '../testing/render.tsx'
import { worldWith } from '../testing/world.ts'

const space = makeSpace('Choir', ['general'])
const direct = (id: string, part: Partial<Channel> = {}) =>
  makeChannel(space.spaceId, 'Dan', {
    ...{ channelId: idOf<ChannelId>(id), membersOf: idOf(id), kind: 'direct', with: idOf<MemberId>('Dan') },
    ...part,
  })
const [mine, theirs] = [direct('mine'), direct('theirs', { unread: 1 })]

async function writing(drafts: { channelId: ChannelId; text: string }[] = []) {
  const view = openWindow(worldWith({ ...space, channels: [...space.channels, mine] }, ['Dan'], { drafts }))
  const change = (...directs: Channel[]) => view.fake.emit('spaces.changed', [{ ...space, channels: [...space.channels, ...directs] }])
  await view.user.click(await screen.findByRole('link', { name: 'Dan' }))
  await view.user.type(await screen.findByRole('textbox', { name: 'Message Dan' }), 'Half a sen')
  const opened = () => view.fake.calls.filter(({ method }) => method === 'messages.page').map(({ args }) => args)
  return { ...view, change, opened }
}
const value = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message Dan' }).value

it('who is in the one of two conversations that goes writes on in the other, with the same person', async () => {
  const { user, fake, change, opened } = await writing()
  change(theirs)
  await user.keyboard('tence')
  expect(value()).toBe('Half a sentence')
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Message Dan' }))
  expect(screen.queryByRole('alert')).toBeNull()
  await expect.poll(() => opened().at(-1)).toMatchObject({ channelId: theirs.channelId })
  await expect.poll(() => fake.world.drafts).toEqual([{ channelId: theirs.channelId, text: 'Half a sentence' }])
})

it('loses nothing of what was being written in the other', async () => {
  const { change } = await writing([{ channelId: theirs.channelId, text: 'Before' }])
  change(theirs)
  await expect.poll(value).toBe('Before\nHalf a sen')
})

it('takes nobody from elsewhere, but what was being written all the same', async () => {
  const { user, change } = await writing()
  await user.click(screen.getByRole('link', { name: 'general' }))
  change(theirs)
  await screen.findByRole('main', { name: 'general' })
  await user.click(screen.getByRole('link', { name: 'Dan' }))
  await expect.poll(value).toBe('Half a sen')
})

it.each<[string, Channel]>([
  ['somebody else', direct('other', { with: idOf<MemberId>('Eve') })],
  ['nobody who could read it', direct('other', { may: { ...mine.may, send: false } })],
  ['the same person in what was lost', direct('other', { lost: true })],
])('goes by itself to no conversation with %s', async (_, other) => {
  const { user, change } = await writing()
  change(other)
  expect((await screen.findByRole('alert')).textContent).toContain('is not there any more')
  await user.keyboard('tence')
  expect(screen.getByRole('textbox', { name: 'What you were writing' })).toHaveProperty('value', 'Half a sen')
})
