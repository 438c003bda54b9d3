import { expect, test } from 'vitest'
import { Turn } from './turn.ts'

/** How often the event loop came round while `work` was done. */
async function turnsDuring(work: () => Promise<void>): Promise<number> {
  let turns = 0
  let over = false
  const count = (): void => {
    turns += 1
    if (!over) setImmediate(count)
  }
  setImmediate(count)
  await work()
  over = true
  return turns
}

test('the first piece of a turn begins at once', async () => {
  const turn = new Turn()
  expect(await turnsDuring(() => turn.take())).toBe(0)
})

test('the event loop comes round between one piece and the next', async () => {
  const turn = new Turn()
  const work = async (): Promise<void> => {
    for (let i = 0; i < 5; i++) await turn.take()
  }
  expect(await turnsDuring(work)).toBeGreaterThanOrEqual(4)
})

test('pieces asked for at the same time get a turn each, in order', async () => {
  const turn = new Turn()
  const begun: number[] = []
  const work = async (): Promise<void> => {
    await Promise.all([1, 2, 3].map((n) => turn.take().then(() => begun.push(n))))
  }
  expect(await turnsDuring(work)).toBeGreaterThanOrEqual(2)
  expect(begun).toEqual([1, 2, 3])
})
