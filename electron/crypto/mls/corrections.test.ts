import { describe, expect, it } from 'vitest'
import { InvariantError } from '../../kernel/errors.ts'
import { assertCorrected } from './corrections.ts'

describe('the installed library', () => {
  it('has our corrections', () => {
    expect(() => assertCorrected()).not.toThrow()
  })

  it('would be refused without them, or with others', () => {
    for (const module of [{}, { spacepandaCorrections: 0 }, { spacepandaCorrections: 1 }]) {
      expect(() => assertCorrected(module)).toThrow(InvariantError)
      expect(() => assertCorrected(module)).toThrow('run build/apply-patches.mjs')
    }
  })
})
