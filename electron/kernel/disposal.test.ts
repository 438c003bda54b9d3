import { describe, expect, it } from 'vitest'
import { Disposables } from './disposal.ts'

describe('Disposables', () => {
  it('undoes in reverse order, waiting for each', async () => {
    const owned = new Disposables()
    const log: number[] = []
    for (const n of [1, 2, 3])
      await owned.add(async () => {
        await Promise.resolve()
        log.push(n)
      })
    await owned.dispose()
    expect(log).toEqual([3, 2, 1])
  })

  it('undoes everything even when one fails, then says so', async () => {
    const owned = new Disposables()
    const log: number[] = []
    await owned.add(() => {
      log.push(1)
    })
    await owned.add(() => Promise.reject(new Error('stuck')))
    const failure = await owned.dispose().catch((thrown: unknown) => thrown)
    expect(log).toEqual([1])
    expect(failure).toBeInstanceOf(AggregateError)
    expect((failure as AggregateError).errors).toEqual([new Error('stuck')])
  })

  it('undoes nothing twice', async () => {
    const owned = new Disposables()
    let times = 0
    await owned.add(() => {
      times++
    })
    await owned.dispose()
    await owned.dispose()
    expect(times).toBe(1)
  })

  it('undoes at once what comes after the end', async () => {
    const owned = new Disposables()
    await owned.dispose()
    let undone = false
    await owned.add(() => {
      undone = true
    })
    expect(undone).toBe(true)
  })
})
