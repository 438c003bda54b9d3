import { expect, it } from 'vitest'
import { remembering } from './remembering.ts'

it('makes a thing once for an array, and again once the array holds something else', () => {
  const asked: number[][] = []
  const sum = remembering((raw) => {
    asked.push([...raw])
    return raw.reduce((total, byte) => total + byte, 0)
  })
  const secret = new Uint8Array([1, 2])
  expect([sum(secret), sum(secret), sum(new Uint8Array([1, 2]))]).toEqual([3, 3, 3])
  expect(asked).toEqual([
    [1, 2],
    [1, 2],
  ])
  secret.fill(0)
  expect(sum(secret)).toBe(0)
})
