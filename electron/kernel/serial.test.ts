import { describe, expect, it } from 'vitest'
import { Serial } from './serial.ts'

describe('Serial', () => {
  it('begins a task only when the one before has ended', async () => {
    const serial = new Serial()
    const log: string[] = []
    const gate = Promise.withResolvers<null>()
    const first = serial.run(async () => {
      log.push('first begins')
      await gate.promise
      log.push('first ends')
    })
    const second = serial.run(() => Promise.resolve(log.push('second')))
    await Promise.resolve()
    expect(log).toEqual(['first begins'])
    gate.resolve(null)
    await Promise.all([first, second])
    expect(log).toEqual(['first begins', 'first ends', 'second'])
  })

  it('hands a failure to its caller and goes on with the next', async () => {
    const serial = new Serial()
    const failing = serial.run(() => Promise.reject(new Error('no')))
    const next = serial.run(() => Promise.resolve('yes'))
    await expect(failing).rejects.toThrow('no')
    await expect(next).resolves.toBe('yes')
  })

  it('counts a task that throws at once as failed, not as fatal', async () => {
    const serial = new Serial()
    await expect(
      serial.run(() => {
        throw new Error('at once')
      }),
    ).rejects.toThrow('at once')
    await expect(serial.idle()).resolves.toBeUndefined()
  })

  it('is idle only after everything given so far', async () => {
    const serial = new Serial()
    let done = false
    void serial.run(async () => {
      await Promise.resolve()
      done = true
    })
    await serial.idle()
    expect(done).toBe(true)
  })
})
