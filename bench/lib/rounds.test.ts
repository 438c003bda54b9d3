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
  const measured = await alternate(['a', 'b'], [turn('a'), turn('b')], { rounds: 2, warmUp: 1 })
  expect(order.join('')).toBe('baabba')
  expect(measured).toEqual({ a: [[3], [6]], b: [[4], [5]] })
})

test('one turn may tell several things', async () => {
  const both = () => Promise.resolve({ there: [1, 2], back: [3, 4] })
  expect(await alternate(['there', 'back'], [both], { rounds: 1, warmUp: 0 })).toEqual({ there: [[1, 2]], back: [[3, 4]] })
})
