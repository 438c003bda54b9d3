import { expect, test } from 'vitest'
import { electronVersionIn } from './runtime-inside.mjs'
import { placeOf, shippedPackages, thirdPartyNotices } from './shipped.mjs'

test('a bundled file belongs to the innermost package around it, and ours to none', () => {
  expect(placeOf('node_modules/zod/v4/core/core.js')).toBe('node_modules/zod')
  expect(placeOf('node_modules/@libp2p/tcp/dist/src/index.js')).toBe('node_modules/@libp2p/tcp')
  expect(placeOf('node_modules/ts-mls/node_modules/@noble/hashes/sha2.js')).toBe('node_modules/ts-mls/node_modules/@noble/hashes')
  expect(placeOf('electron/main.ts')).toBeNull()
})

test('the notices name each package with its licence and have the text, once for all who share it', async () => {
  const packages = await shippedPackages(
    ['node_modules/react/index.js', 'node_modules/react-dom/client.js', 'renderer/app/main.ts'],
    ['better-sqlite3'],
  )
  const notices = await thirdPartyNotices(packages, '45.4.1')
  expect(notices).toMatch(/^react \d+\.\d+\.\d+: MIT$/m)
  expect(notices).toMatch(/^better-sqlite3-multiple-ciphers .*: MIT$/m)
  expect(notices.match(/Copyright \(c\) Meta Platforms/g)).toHaveLength(1)
  expect(notices).toContain('Electron 45.4.1: MIT')
})

test('the version of Electron is read from what the program calls itself', () => {
  expect(electronVersionIn(Buffer.from('…Electron/%s…Chrome/130.0.1 Electron/33.2.1 …'))).toBe('33.2.1')
  expect(electronVersionIn(Buffer.from('nothing'))).toBe('unknown')
})
