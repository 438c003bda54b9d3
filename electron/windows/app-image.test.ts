import { expect, test } from 'vitest'
import { withoutAppImageSwitch } from './app-image.ts'

const image = { APPIMAGE: '/home/ada/SpacePanda.AppImage' }

test('an AppImage that was started without a sandbox is noticed, and the arguments are those that were given', () => {
  expect(withoutAppImageSwitch(['/x', '--no-sandbox', 'whoami'], image)).toEqual({ argv: ['/x', 'whoami'], unprotected: true })
  expect(withoutAppImageSwitch(['/x', '--no-sandbox'], image)).toEqual({ argv: ['/x'], unprotected: true })
})

test('anything else is left as it is', () => {
  expect(withoutAppImageSwitch(['/x', 'whoami'], image)).toEqual({ argv: ['/x', 'whoami'], unprotected: false })
  expect(withoutAppImageSwitch(['/x', '--no-sandbox'], {})).toEqual({ argv: ['/x', '--no-sandbox'], unprotected: false })
})
