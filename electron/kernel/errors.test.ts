import { describe, expect, it } from 'vitest'
import { AppError, InvariantError, invariant, toCodedError, unreachable } from './errors.ts'

describe('toCodedError', () => {
  it('passes on code and message of an error of ours, and nothing of its cause', () => {
    const error = new AppError('disk', 'The disk is full.', { cause: new Error('/home/ann/secret') })
    expect(toCodedError(error)).toEqual({ code: 'disk', message: 'The disk is full.' })
  })

  it.each([
    [new Error('/home/ann/secret')],
    [new InvariantError('secret')],
    ['secret'],
    [undefined],
    [{ code: 'disk', message: 'secret' }],
  ])('tells nothing of any other throw', (thrown) => {
    const coded = toCodedError(thrown)
    expect(coded.code).toBe('internal')
    expect(coded.message).not.toContain('secret')
  })
})

describe('invariant', () => {
  it('throws what was broken, and only if it was', () => {
    expect(() => invariant(true, 'fine')).not.toThrow()
    expect(() => invariant(0, 'no zero')).toThrow(new InvariantError('no zero'))
  })
})

describe('unreachable', () => {
  it('names the shape of the value and never its content', () => {
    expect(() => unreachable({ kind: 'secret' } as never)).toThrow(/\["kind"\]/)
    expect(() => unreachable('secret' as never)).toThrow(/string/)
    expect(() => unreachable('secret' as never)).not.toThrow(/secret/)
  })
})
