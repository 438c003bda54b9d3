// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { makeMessage, makeSpace } from '../testing/make.ts'
import { openWindow } from '../testing/render.tsx'
import { worldWith } from '../testing/world.ts'
import { usePlace } from './use-place.ts'

vi.mock('./use-place.ts', { spy: true })

const space = makeSpace('Choir', ['general', 'results'])
const elsewhere = space.channels[1]?.channelId ?? expect.unreachable('no channel')
const say = (seq: number) => makeMessage(elsewhere, seq, 'Bob', `text ${seq}`)
const nextTask = () => new Promise((resolve) => void setTimeout(resolve))

async function opened() {
  const { fake } = openWindow(worldWith(space, ['Bob']))
  await screen.findByRole('textbox', { name: 'Message #general' })
  await nextTask()
  vi.mocked(usePlace).mockClear()
  /** How often the window as a whole was drawn since it stood open. */
  return { fake, drawn: () => vi.mocked(usePlace).mock.calls.length }
}

it('draws the window once for all that comes in one task, and counts and says it', async () => {
  const { fake, drawn } = await opened()
  for (let seq = 1; seq <= 1_000; seq += 1) fake.emit('message.added', say(seq))
  await screen.findByText('Bob wrote in results')
  await screen.findByText('99+')
  expect(drawn()).toBe(1)
})

it('draws it once for each that comes in a task of its own', async () => {
  const { fake, drawn } = await opened()
  for (let seq = 1; seq <= 3; seq += 1) {
    fake.emit('message.added', say(seq))
    await nextTask()
  }
  await nextTask()
  expect(drawn()).toBe(3)
})
