import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MIN_SIZE, fitState, parseState, readState, stateText, writeState } from './window-state.ts'

const left = { x: 0, y: 0, width: 1920, height: 1080 }
const right = { x: 1920, y: 0, width: 1280, height: 1024 }
const at = (x: number, y: number, width = 1000, height = 700) => ({ bounds: { x, y, width, height }, maximized: false })

describe('fitState', () => {
  it('puts the window back where it was', () => {
    expect(fitState(at(100, 50), [left, right])).toEqual(at(100, 50))
    expect(fitState(at(2000, 50), [left, right])).toEqual(at(2000, 50))
  })

  it('forgets a place on a display that is gone', () => {
    expect(fitState(at(2000, 50), [left])).toBeNull()
    expect(fitState(at(100, 50), [])).toBeNull()
  })

  it('forgets a place whose title bar cannot be reached', () => {
    expect(fitState(at(100, -60), [left])).toBeNull()
    expect(fitState(at(1919, 50), [left])).toBeNull()
    expect(fitState(at(-950, 50), [left])).toBeNull()
  })

  it('shrinks to a smaller display, but not below the least size', () => {
    expect(fitState(at(0, 0, 4000, 3000), [left])?.bounds).toEqual(left)
    expect(fitState(at(0, 0, 4000, 3000), [{ x: 0, y: 0, width: 320, height: 200 }])?.bounds).toMatchObject(MIN_SIZE)
  })
})

describe('parseState', () => {
  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"bounds":null,"maximized":false}',
    '{"bounds":{"x":0,"y":0,"width":1000},"maximized":false}',
    '{"bounds":{"x":0,"y":0,"width":1000,"height":"700"},"maximized":false}',
    '{"bounds":{"x":0.5,"y":0,"width":1000,"height":700},"maximized":false}',
    '{"bounds":{"x":1e9,"y":0,"width":1000,"height":700},"maximized":false}',
    '{"bounds":{"x":0,"y":0,"width":10,"height":10},"maximized":false}',
    '{"bounds":{"x":0,"y":0,"width":1000,"height":700},"maximized":"yes"}',
  ])('refuses %s', (text) => {
    expect(parseState(text)).toBeNull()
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => parseState(text)).not.toThrow()
      }),
    )
  })

  it('reads what was written', () => {
    const state = { ...at(-3, 4), maximized: true }
    expect(parseState(stateText(state))).toEqual(state)
  })
})

describe('the file', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'spacepanda-place-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('is replaced as a whole', () => {
    const file = join(folder, 'place.json')
    writeState(file, at(1, 2))
    writeState(file, at(3, 4))
    expect(readState(file)).toEqual(at(3, 4))
    expect(readdirSync(folder)).toEqual(['place.json'])
  })

  it('is as good as none when it is damaged or missing', () => {
    const file = join(folder, 'place.json')
    expect(readState(file)).toBeNull()
    writeFileSync(file, stateText(at(1, 2)).slice(0, 20))
    expect(readState(file)).toBeNull()
  })
})
