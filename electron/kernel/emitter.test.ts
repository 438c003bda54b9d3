import { describe, expect, it } from 'vitest'
import { Emitter } from './emitter.ts'

const make = () => {
  const faults: unknown[] = []
  return { faults, emitter: new Emitter<{ a: number; b: string }>((thrown) => faults.push(thrown)) }
}

describe('Emitter', () => {
  it('tells the listeners of that name only, in the order they came', () => {
    const { emitter } = make()
    const heard: unknown[] = []
    emitter.on('a', (n) => heard.push(n))
    emitter.on('a', (n) => heard.push(n * 10))
    emitter.on('b', (text) => heard.push(text))
    emitter.emit('a', 1)
    expect(heard).toEqual([1, 10])
  })

  it('reports a listener that throws and tells the others all the same', () => {
    const { emitter, faults } = make()
    const heard: number[] = []
    emitter.on('a', () => {
      throw new Error('mine')
    })
    emitter.on('a', (n) => heard.push(n))
    emitter.emit('a', 1)
    expect(heard).toEqual([1])
    expect(faults).toEqual([new Error('mine')])
  })

  it('can be left while it speaks, and twice', () => {
    const { emitter } = make()
    const heard: number[] = []
    const leave = emitter.on('a', (n) => {
      heard.push(n)
      leave()
      leave()
    })
    emitter.on('a', (n) => heard.push(-n))
    emitter.emit('a', 1)
    emitter.emit('a', 2)
    expect(heard).toEqual([1, -1, -2])
  })

  it('does not tell a listener that came while it spoke', () => {
    const { emitter } = make()
    const heard: number[] = []
    emitter.on('a', () => emitter.on('a', (n) => heard.push(n)))
    emitter.emit('a', 1)
    expect(heard).toEqual([])
  })
})
