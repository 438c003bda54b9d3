import { expect, it } from 'vitest'
import { idOf } from '../testing/make.ts'
import { identityHue } from './identity-hue.ts'

it('is a hue, the same for the same id, and spread over the circle', () => {
  const hues = Array.from({ length: 400 }, (_, index) => identityHue(idOf(`person ${index}`)))
  expect(hues.every((hue) => Number.isInteger(hue) && hue >= 0 && hue < 360)).toBe(true)
  expect(identityHue(idOf('Alice'))).toBe(identityHue(idOf('Alice')))
  for (let sixth = 0; sixth < 6; sixth += 1) {
    expect(hues.filter((hue) => Math.floor(hue / 60) === sixth).length).toBeGreaterThan(25)
  }
})

it('takes ids that are not hexadecimal', () => {
  expect(identityHue('spacepanda:join/abc')).not.toBe(identityHue('spacepanda:join/abd'))
})
