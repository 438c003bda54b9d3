import { expect, test } from 'vitest'
import { alternate } from './rounds.ts'

test('rounds alternate, go back and forth, and leave the first ones out', async () => {
  const order: string[] = []
  let n = 0
  const turn = (name: 'a' | 'b') => () => {
    order.push(name)
    n += 1
    return Promise.resolve({ [name]: [n] })
  }
  const measured = await alternate(['a', 'b'], [turn('a'), turn('b')], { rounds: 2, warmUp: 1, budgetMs: 10_000 })
  expect(order.join('')).toBe('baabba')
  expect(measured).toEqual({ a: [[3], [6]], b: [[4], [5]] })
})

test('one turn may tell several things', async () => {
  const both = () => Promise.resolve({ there: [1, 2], back: [3, 4] })
  expect(await alternate(['there', 'back'], [both], { rounds: 1, warmUp: 0, budgetMs: 10_000 })).toEqual({
    there: [[1, 2]],
    back: [[3, 4]],
  })
})

test('who is out of time takes three rounds and no more', async () => {
  const measured = await alternate(['a'], [() => Promise.resolve({ a: [1] })], { rounds: 100, warmUp: 0, budgetMs: 0 })
  expect(measured.a).toHaveLength(3)
})
