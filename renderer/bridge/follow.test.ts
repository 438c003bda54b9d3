import { expect, it } from 'vitest'
import type { CallResult } from '../../shared/ipc/error-codes.ts'
import { follow } from './follow.ts'
import type { Loadable } from './follow.ts'

function source() {
  const states: Loadable<number>[] = []
  let tell: (value: number) => void = () => expect.unreachable('not subscribed')
  let answer: (result: CallResult<number>) => void = () => expect.unreachable('not asked')
  const stop = follow<number>({
    load: () => new Promise((resolve) => (answer = resolve)),
    subscribe: (listener) => {
      tell = listener
      return () => (tell = () => {})
    },
    apply: (state) => states.push(state),
  })
  return { states, stop, tell: (value: number) => tell(value), answer: async (result: CallResult<number>) => answer(result) }
}

it('drops an answer that an event has overtaken', async () => {
  const { states, tell, answer } = source()
  tell(2)
  await answer({ ok: true, value: 1 })
  expect(states).toEqual([{ kind: 'ready', value: 2 }])
})

it('gives the answer, then every event', async () => {
  const { states, tell, answer } = source()
  await answer({ ok: true, value: 1 })
  tell(2)
  expect(states).toEqual([
    { kind: 'ready', value: 1 },
    { kind: 'ready', value: 2 },
  ])
})

it('is silent once stopped, and says why it failed before that', async () => {
  const failed = source()
  await failed.answer({ ok: false, error: { code: 'disk', message: '' } })
  expect(failed.states).toEqual([{ kind: 'failed', error: { code: 'disk', message: '' } }])
  const stopped = source()
  stopped.stop()
  stopped.tell(1)
  await stopped.answer({ ok: true, value: 2 })
  expect(stopped.states).toEqual([])
})
