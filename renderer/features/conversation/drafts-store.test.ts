import { expect, it } from 'vitest'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import { idOf } from '../../testing/make.ts'
import { createDraftsStore, draftOf } from './drafts-store.ts'

const [here, there] = [idOf<ChannelId>('here'), idOf<ChannelId>('there')]

function begin() {
  const sent: string[] = []
  let answer: (error: CodedError | null) => void = () => expect.unreachable('nothing was sent')
  const drafts = createDraftsStore((_, text) => {
    sent.push(text)
    return new Promise((resolve) => (answer = resolve))
  })
  const text = (channelId: ChannelId) => draftOf(drafts.store.getState(), channelId).text
  return { drafts, sent, text, answer: (error: CodedError | null) => answer(error) }
}

it('keeps a draft for each channel', () => {
  const { drafts, text } = begin()
  drafts.write(here, 'one')
  drafts.write(there, 'two')
  expect([text(here), text(there)]).toEqual(['one', 'two'])
})

it('lets a draft go only when its message is safe', async () => {
  const { drafts, sent, text, answer } = begin()
  drafts.write(here, '  hello \n')
  const sending = drafts.submit(here)
  expect(text(here)).toBe('  hello \n')
  answer(null)
  expect(await sending).toBe(true)
  expect(text(here)).toBe('')
  expect(sent).toEqual(['hello'])
})

it('keeps the text when sending fails, and what was typed meanwhile in any case', async () => {
  const { drafts, text, answer } = begin()
  drafts.write(here, 'first')
  const failing = drafts.submit(here)
  answer({ code: 'disk', message: '' })
  expect(await failing).toBe(false)
  expect(text(here)).toBe('first')
  expect(draftOf(drafts.store.getState(), here).error?.code).toBe('disk')

  const passing = drafts.submit(here)
  drafts.write(here, 'first and more')
  answer(null)
  await passing
  expect(text(here)).toBe(' and more')
})

it('sends once though Enter is pressed twice, and nothing that is blank', async () => {
  const { drafts, sent, answer } = begin()
  drafts.write(here, 'once')
  const first = drafts.submit(here)
  expect(await drafts.submit(here)).toBe(false)
  answer(null)
  await first
  drafts.write(here, ' \n ')
  expect(await drafts.submit(here)).toBe(false)
  expect(sent).toEqual(['once'])
})
