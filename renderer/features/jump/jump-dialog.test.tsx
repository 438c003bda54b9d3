// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { MemberId } from '../../../shared/domain/ids.ts'
import { identityHue } from '../../components/identity-hue.ts'
import { idOf, makeChannel, makeSpace } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

it('shows whom a conversation of two is with, as others may have the same name', async () => {
  const people = [idOf<MemberId>('one Bob'), idOf<MemberId>('the other Bob')]
  const space = makeSpace('Choir')
  for (const person of people)
    space.channels.push(makeChannel(space.spaceId, 'Bob', { channelId: idOf(person), kind: 'direct', with: person }))
  const { user } = openWindow(worldWith(space, ['Carol']))
  await screen.findByRole('navigation', { name: 'Channels' })
  await user.keyboard('{Control>}k{/Control}')
  const icons = screen.getAllByRole('option', { name: /Bob/ }).map((option) => option.querySelector('svg'))
  expect(icons.map((icon) => icon?.style.getPropertyValue('--hue'))).toEqual(people.map((person) => String(identityHue(person))))
})
