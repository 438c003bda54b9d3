import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Redacted, takeSecret } from './redacted.ts'

describe('Redacted', () => {
  const secret = 'correct horse'
  const wrapped = new Redacted(secret)

  it.each([
    ['as text', String(wrapped)],
    ['as JSON', JSON.stringify({ wrapped })],
    ['by inspection, hidden fields included', inspect({ wrapped }, { depth: 9, showHidden: true })],
    ['as own properties', Reflect.ownKeys(wrapped).map(String).join()],
    ['as a structured clone', inspect(structuredClone(wrapped))],
  ])('does not show %s', (_, shown) => {
    expect(shown).not.toContain(secret)
  })

  it('gives its value to whoever asks for it', () => {
    expect(wrapped.reveal()).toBe(secret)
  })

  it('overwrites bytes when wiped, and then has nothing to give', () => {
    const bytes = new Uint8Array([1, 2, 3])
    const redacted = new Redacted(bytes)
    redacted.wipe()
    expect(bytes).toEqual(new Uint8Array(3))
    expect(() => redacted.reveal()).toThrow(TypeError)
  })

  it('takes bytes over, and leaves none where they were', () => {
    const bytes = new Uint8Array([1, 2, 3])
    const taken = takeSecret(bytes)
    expect([...taken.reveal()]).toEqual([1, 2, 3])
    expect(bytes).toEqual(new Uint8Array(3))
    expect(taken.reveal().buffer.byteLength).toBe(3)
  })

  it('may hold undefined', () => {
    expect(new Redacted(undefined).reveal()).toBeUndefined()
  })
})
