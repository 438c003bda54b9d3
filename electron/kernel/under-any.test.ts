import { expect, it } from 'vitest'
import { underAny } from './under-any.ts'

const aborted = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve('at once')
    signal.addEventListener('abort', () => resolve('later'))
  })

it('work goes on until one of its signals says so, and ends as it ends', async () => {
  const [first, second] = [new AbortController(), new AbortController()]
  const both = [first.signal, second.signal]
  expect(await underAny(both, async ({ aborted: isOver }) => isOver)).toBe(false)
  await expect(underAny(both, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  const work = underAny(both, aborted)
  second.abort()
  expect(await work).toBe('later')
  expect(await underAny(both, aborted)).toBe('at once')
})
