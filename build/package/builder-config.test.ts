import { expect, test } from 'vitest'
import { builderConfig } from './builder-config.mjs'

const config = builderConfig({
  stage: { app: '/app', electron: '/electron', extra: '/extra', packages: [], natives: [] },
  electronVersion: '45.0.0',
  output: '/out',
  targets: ['nsis'],
  release: false,
})

/** As electron-builder fills it in. */
const fill = (pattern: string | null | undefined, arch: string): string =>
  (pattern ?? '').replace('${version}', '1.3.0').replace('${arch}', arch).replace('${ext}', 'exe')

test('the Windows installers of both processors, which lie in one folder of a release, have names of their own', () => {
  const names = ['x64', 'arm64'].map((arch) => fill(config.nsis?.artifactName, arch))
  // Of these the signing tool reads the processor, and a place where releases are published changes spaces.
  expect(names).toEqual(['SpacePanda-Setup-1.3.0-x64.exe', 'SpacePanda-Setup-1.3.0-arm64.exe'])
})

test('an AppImage needs nothing of the system to be mounted, and an entry in a menu does not switch its sandbox off', () => {
  expect(config.toolsets?.appimage).toBe('1.0.3')
  expect(config.appImage?.executableArgs).toEqual([])
})

test('what a deb needs has to be there before it is unpacked', () => {
  expect(config.deb?.depends).toEqual([])
  const needed = config.deb?.fpm?.filter((_, i, all) => all[i - 1] === '--deb-pre-depends')
  expect(needed).toContain('libnss3')
})
