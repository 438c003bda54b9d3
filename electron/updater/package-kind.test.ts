import { expect, test } from 'vitest'
import { packageKind } from './package-kind.ts'
import type { Surroundings } from './package-kind.ts'

const there = (...files: string[]) => ({ exists: (file: string) => files.includes(file) })
const list = '/var/lib/dpkg/info/spacepanda.list'
const around: Surroundings = { platform: 'linux', packaged: true, executable: '/opt/SpacePanda/spacepanda', env: {}, ...there(list) }

const ourImage = { env: { APPIMAGE: '/a', APPDIR: '/tmp/.mount' }, ...there('/a') }
/** Every program hands its environment on. */
const otherImage = {
  env: { APPIMAGE: '/home/ann/browser.AppImage', APPDIR: '/tmp/.mount_browser' },
  ...there(list, '/home/ann/browser.AppImage'),
}

test.each([
  ['a deb', around, { ok: true, value: 'deb' }],
  ['an AppImage', { ...around, executable: '/tmp/.mount/x', ...ourImage }, { ok: true, value: 'AppImage' }],
  ['a deb, opened from somebody else’s AppImage', { ...around, ...otherImage }, { ok: true, value: 'deb' }],
  [
    'a folder, opened from one',
    { ...around, executable: '/home/ann/SpacePanda/spacepanda', ...otherImage },
    { ok: false, error: 'unpacked' },
  ],
  ['sources', { ...around, packaged: false }, { ok: false, error: 'development' }],
  ['a folder somewhere', { ...around, executable: '/home/ann/SpacePanda/spacepanda' }, { ok: false, error: 'unpacked' }],
  ['an rpm', { ...around, ...there() }, { ok: false, error: 'package-manager' }],
  ['macOS', { ...around, platform: 'darwin' }, { ok: false, error: 'by-hand' }],
  ['an unpacked folder of Windows', { ...around, platform: 'win32' }, { ok: false, error: 'unpacked' }],
  [
    'the installer of Windows',
    { ...around, platform: 'win32', ...there('/opt/SpacePanda/Uninstall SpacePanda.exe') },
    { ok: true, value: 'nsis' },
  ],
])('%s', (_what, surroundings, told) => {
  expect(packageKind(surroundings)).toEqual(told)
})
