import { expect, test } from 'vitest'
import { packageKind } from './package-kind.ts'
import type { Surroundings } from './package-kind.ts'

const there = (...files: string[]) => ({ exists: (file: string) => files.includes(file) })
/** What dpkg says that it installed. */
const listed = (...paths: string[]) => ({
  read: (file: string) => (file === '/var/lib/dpkg/info/spacepanda.list' ? ['/.', ...paths, ''].join('\n') : null),
})
const executable = '/opt/SpacePanda/spacepanda'
const around: Surroundings = { platform: 'linux', packaged: true, executable, env: {}, ...there(), ...listed('/opt', executable) }

const ourImage = { env: { APPIMAGE: '/a', APPDIR: '/tmp/.mount' }, ...there('/a') }
/** Every program hands its environment on. */
const otherImage = {
  env: { APPIMAGE: '/home/ann/browser.AppImage', APPDIR: '/tmp/.mount_browser' },
  ...there('/home/ann/browser.AppImage'),
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
  ['an rpm', { ...around, read: () => null }, { ok: false, error: 'package-manager' }],
  ['an rpm where a deb was removed, and not purged', { ...around, ...listed() }, { ok: false, error: 'package-manager' }],
  ['an rpm where dpkg knows of others’ files', { ...around, ...listed(`${executable}.old`) }, { ok: false, error: 'package-manager' }],
  ['a folder of the administrator’s', { ...around, executable: '/usr/local/spacepanda/spacepanda' }, { ok: false, error: 'unpacked' }],
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

test.each([
  '/usr/lib/spacepanda/spacepanda',
  '/nix/store/0a-spacepanda/bin/spacepanda',
  '/snap/spacepanda/1/spacepanda',
  '/app/spacepanda',
])('a distribution’s own package is updated by the distribution: %s', (place) => {
  expect(packageKind({ ...around, executable: place })).toEqual({ ok: false, error: 'package-manager' })
})
