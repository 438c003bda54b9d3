import { describe, expect, test } from 'vitest'
import { contentsReport, judgeCompleteness, judgeContents, judgeFuses, sizeRatios } from './contents.mjs'
import { fuseStates } from './fuses.mjs'

const target = {
  platform: 'linux',
  arch: 'x64',
  packages: ['better-sqlite3', 'node-datachannel', '@node-datachannel/linux-x64-gnu'],
  languages: ['en-US'],
}
const asar = 'resources/app.asar'
const judge = (...paths: string[]) =>
  judgeContents(
    paths.map((path) => ({ path, size: 1 })),
    target,
  )

describe('what belongs into a package', () => {
  test.each([
    'spacepanda',
    'chrome-sandbox',
    'locales/en-US.pak',
    'LICENSES.chromium.html',
    'resources/licences.txt',
    'resources/sbom.cdx.json',
    `${asar}/package.json`,
    `${asar}/dist/app/entry.mjs`,
    `${asar}/dist/app/renderer/assets/inter-LATIN.woff2`,
    `${asar}/node_modules/better-sqlite3/lib/methods/wrappers.js`,
    `${asar}.unpacked/node_modules/better-sqlite3/prebuilds/linux-x64.node`,
    `${asar}.unpacked/node_modules/@node-datachannel/linux-x64-gnu/node_datachannel.node`,
  ])('%s', (path) => {
    expect(judge(path)).toEqual([])
  })
})

describe('what is not needed is refused', () => {
  test.each([
    [`${asar}/dist/app/entry.mjs.map`, 'a source map'],
    [`${asar}/node_modules/better-sqlite3/index.d.ts`, 'a type declaration'],
    [`${asar}/node_modules/node-datachannel/dist/types/lib/index.d.mts`, 'a type declaration'],
    [`${asar}/electron/main.ts`, 'a source file'],
    [`${asar}/node_modules/better-sqlite3/src/better_sqlite3.cpp`, 'a source file'],
    [`${asar}/node_modules/better-sqlite3/binding.gyp`, 'a source file'],
    [`${asar}/dist/app/outbox.test.mjs`, 'a test'],
    [`${asar}/node_modules/better-sqlite3/test/00.js`, 'a test'],
    [`${asar}/node_modules/better-sqlite3/README.md`, 'documentation'],
    [`${asar}/node_modules/node-datachannel/.eslintrc.json`, 'a setting'],
    [`${asar}/node_modules/node-datachannel/rollup.config.mjs`, 'a setting'],
    [`${asar}/node_modules/react-native-webrtc/index.js`, 'React Native'],
    [`${asar}/node_modules/react/index.js`, 'react is bundled'],
    [`${asar}/node_modules/@libp2p/tcp/dist/src/index.js`, '@libp2p/tcp is bundled'],
    [`${asar}.unpacked/node_modules/better-sqlite3/prebuilds/darwin-arm64.node`, 'for another platform'],
    [`${asar}.unpacked/node_modules/better-sqlite3/prebuilds/linux-arm64.node`, 'for another platform'],
    [`${asar}.unpacked/node_modules/better-sqlite3/prebuilds/linuxmusl-x64.node`, 'for another platform'],
    [`${asar}/node_modules/better-sqlite3/lib/win32-x64.js`, 'for another platform'],
    [`${asar}.unpacked/node_modules/@node-datachannel/linux-x64-musl/node_datachannel.node`, 'for another platform'],
    ['resources/default_app.asar', 'the stock application'],
    ['browser_v8_context_snapshot.bin', 'a start-up snapshot'],
    ['locales/de.pak', 'a language'],
  ])('%s: %s', (path, why) => {
    expect(judge('spacepanda', path)).toEqual([expect.stringContaining(`${path}: ${why}`)])
  })

  test('and what another system needs is not what this one needs', () => {
    const files = [{ path: `${asar}.unpacked/node_modules/better-sqlite3/prebuilds/darwin-arm64.node`, size: 1 }]
    expect(judgeContents(files, { ...target, platform: 'darwin', arch: 'arm64' })).toEqual([])
  })
})

test('a package that lacks something is told so', () => {
  const natives = ['node_modules/x/x.node']
  const inside = [
    ...['dist/app/entry.mjs', 'dist/app/preload.cjs', 'dist/app/workers/argon2.worker.mjs'],
    ...['index.html', 'first-run.html', 'first-run-required.html', 'unlock.html', 'unlock-recovery.html'].map(
      (page) => `dist/app/renderer/${page}`,
    ),
    ...['page.css', 'main.js', 'start.js'].map((file) => `dist/app/renderer/${file}`),
    ...['dist/app/tray.png', 'dist/app/tray-unread.png'],
  ]
  const whole = [...inside.map((path) => `${asar}/${path}`), `${asar}.unpacked/node_modules/x/x.node`]
  const beside = ['resources/licences.txt', 'resources/sbom.cdx.json', 'LICENSES.chromium.html']
  const files = [...whole, ...beside].map((path) => ({ path, size: 1 }))
  expect(judgeCompleteness(files, natives)).toEqual([])
  for (const file of files) {
    const name = file.path.split('/').at(-1) ?? ''
    expect(
      judgeCompleteness(
        files.filter((other) => other !== file),
        natives,
      ),
    ).toEqual([expect.stringContaining(`${name} is missing`)])
  }
})

test('every file counts in exactly one line of the report', () => {
  const files = [
    'spacepanda',
    'locales/en-US.pak',
    `${asar}/dist/app/entry.mjs`,
    `${asar}/dist/app/renderer/main.js`,
    `${asar}.unpacked/x.node`,
    'LICENSES.chromium.html',
  ]
  const report = contentsReport(files.map((path) => ({ path, size: 1_000_000 })))
  expect(report.every((line) => line.includes('1.0 MB') && line.includes('(1 files)'))).toBe(true)
})

test('leaving Chromium’s languages out does not make room for anything else', () => {
  const bare = [
    { path: 'electron', size: 100 },
    { path: 'locales/en-US.pak', size: 1 },
    { path: 'locales/de.pak', size: 49 },
  ]
  const ours = [
    { path: 'spacepanda', size: 100 },
    { path: 'locales/en-US.pak', size: 1 },
    { path: `${asar}/x.js`, size: 20 },
  ]
  expect(sizeRatios(ours, bare)).toEqual({ asShipped: 121 / 150, sameLanguages: 121 / 101 })
})

describe('fuses', () => {
  test('as they should be are not remarked', () => {
    expect(judgeFuses(fuseStates)).toEqual([])
  })

  test.each(Object.entries(fuseStates))('%s the other way round is', (name, wanted) => {
    expect(judgeFuses({ ...fuseStates, [name]: !wanted })).toEqual([expect.stringContaining(name)])
  })

  test('that are not there at all are', () => {
    expect(judgeFuses({})).toHaveLength(Object.keys(fuseStates).length)
  })
})
