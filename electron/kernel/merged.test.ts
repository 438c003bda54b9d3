import { expect, it } from 'vitest'
import { Merged } from './merged.ts'

function setUp() {
  const begun: string[] = []
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = []
  const merged = new Merged((key: string) => {
    begun.push(key)
    return new Promise<void>((resolve, reject) => {
      ends.push({ resolve, reject })
    })
  })
  const end = (n: number) => ends[n]?.resolve()
  const fail = (n: number) => ends[n]?.reject(new Error('no'))
  return { begun, merged, end, fail }
}

it('runs once more, after the run under way, however often it is asked for meanwhile', async () => {
  const { begun, merged, end } = setUp()
  const first = merged.run('a')
  const more = [merged.run('a'), merged.run('a'), merged.run('a')]
  expect(begun).toEqual(['a'])
  end(0)
  await first
  await expect.poll(() => begun).toEqual(['a', 'a'])
  end(1)
  await Promise.all(more)
  expect(begun).toHaveLength(2)
  void merged.run('a')
  expect(begun).toHaveLength(3)
})

it('runs beside that of another key, and after one that failed', async () => {
  const { begun, merged, end, fail } = setUp()
  const [one, other] = [merged.run('a'), merged.run('b')]
  expect(begun).toEqual(['a', 'b'])
  const again = merged.run('a')
  fail(0)
  await expect(one).rejects.toThrow('no')
  await expect.poll(() => begun).toEqual(['a', 'b', 'a'])
  for (const n of [1, 2]) end(n)
  await Promise.all([other, again])
})
