import { copyFile, cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../setup/paths.mjs'
import { SetupError } from '../setup/progress.mjs'
import { lastWords, run } from '../setup/run.mjs'
import { bundleForPackage } from './bundle.mjs'
import { packedFiles } from './files.mjs'
import { readManifest } from './manifest.mjs'
import { nativeFiles, stageNatives } from './natives.mjs'
import { productBom, readBom } from './sbom.mjs'
import { shippedPackages, thirdPartyNotices } from './shipped.mjs'

/** @typedef {import('../bundle/targets.mjs').BuildInfo} BuildInfo */
/** @typedef {import('../setup/electron.mjs').Runtime} Runtime */
/** @typedef {import('./manifest.mjs').Manifest} Manifest */
/** @typedef {{ app: string, electron: string, extra: string, packages: string[], natives: string[] }} Stage folders; packages: those in node_modules; natives: files below `app` that are loaded as machine code */

/**
 * Everything electron-builder packs, in folders of its own, so that nothing gets in by lying in the checkout.
 * @param {object} wish
 * @param {string} wish.folder emptied first
 * @param {BuildInfo} wish.info
 * @param {Runtime} wish.runtime
 * @param {string | undefined} wish.sqliteBinding an addon for a runtime that the published one does not run on
 * @param {string} wish.time of the commit, ISO 8601
 * @returns {Promise<Stage>}
 */
export const stagePackage = async ({ folder, info, runtime, sqliteBinding, time }) => {
  await rm(folder, { recursive: true, force: true })
  const [app, extra] = [join(folder, 'app'), join(folder, 'extra')]
  await mkdir(extra, { recursive: true })
  const inputs = await bundleForPackage(app, info)
  const natives = nativeFiles(process.platform, process.arch, { ownSqlite: sqliteBinding !== undefined })
  await stageNatives(app, natives)
  if (sqliteBinding !== undefined) {
    await mkdir(join(app, 'native'))
    await copyFile(sqliteBinding, join(app, 'native', 'better_sqlite3.node'))
  }
  await writeFile(join(app, 'package.json'), `${JSON.stringify(manifest(info, await readManifest()), null, 2)}\n`)
  const packages = await shippedPackages(inputs, Object.keys(natives))
  const bom = productBom(await readBom(), { packages, version: info.version, electron: runtime.version, time })
  await writeFile(join(extra, 'sbom.cdx.json'), `${JSON.stringify(bom, null, 1)}\n`)
  if (process.platform === 'linux') await copyFile(installScript, join(extra, 'install-update.sh'))
  await writeFile(join(extra, 'licences.txt'), await thirdPartyNotices(packages, runtime.version))
  const machineCode = (await packedFiles(app)).map(({ path }) => path).filter((path) => path.endsWith('.node'))
  return { app, extra, electron: await stageElectron(folder, runtime), packages: Object.keys(natives), natives: machineCode }
}

/** What the packaged program's own package.json says. `desktopName` ties windows to the desktop entry. @param {BuildInfo} info @param {Manifest} own */
const manifest = ({ version }, { author, homepage }) => ({
  name: 'spacepanda',
  productName: 'SpacePanda',
  version,
  description: 'Group chat with spaces and channels, end-to-end encrypted, with no server.',
  // Packages demand both; until there are any, test packages name what can lead nowhere (RFC 2606).
  author: author ?? { name: 'The SpacePanda makers', email: 'nobody@spacepanda.invalid' },
  homepage: homepage ?? 'https://spacepanda.invalid/',
  desktopName: 'spacepanda.desktop',
  type: 'module',
  main: 'dist/app/entry.mjs',
})

/**
 * The runtime as electron-builder takes it. The one for tests has a start-up snapshot of another program beside it, which
 * its fuses keep it from loading; a stock Electron has none.
 * @param {string} folder @param {Runtime} runtime
 */
const stageElectron = async (folder, { kind, executable }) => {
  if (kind === 'official')
    return dirname(process.platform === 'darwin' ? executable.replace(/\/Electron\.app\/.*$/, '/Electron.app') : executable)
  const electron = join(folder, 'electron')
  // Links, not copies: electron-builder copies once more before it changes anything.
  const linked = await run('cp', ['-al', dirname(executable), electron])
  if (linked.status !== 0) {
    await rm(electron, { recursive: true, force: true })
    await cp(dirname(executable), electron, { recursive: true })
    if (linked.stderr.includes('No space')) throw new SetupError(`Could not copy Electron:\n${lastWords(linked)}`)
  }
  await rm(join(electron, 'browser_v8_context_snapshot.bin'), { force: true })
  await rm(join(electron, 'resources', 'app'), { recursive: true, force: true })
  return electron
}

/** What electron/updater has root do. */
const installScript = fileURLToPath(new URL('linux/install-update.sh', import.meta.url))

/** Icons and scripts that stand in the checkout. */
export const resources = join(root, 'resources')
