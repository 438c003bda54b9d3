import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { root } from '../setup/paths.mjs'
import { SetupError } from '../setup/progress.mjs'
import { isInstalled } from './shipped.mjs'

/**
 * What of the native packages is in the product, by what a running application loads; everything else in them (sources,
 * types, other platforms, the other module format) stays out.
 */

/** How `@node-datachannel` names its package for a platform. @param {string} platform @param {string} arch */
const datachannelPlatform = (platform, arch) =>
  `@node-datachannel/${platform}-${arch}${platform === 'linux' ? '-gnu' : platform === 'win32' ? '-msvc' : ''}`

/**
 * Package → files of it, as paths; folders with all of what `judgeContents` lets pass.
 * @param {string} platform @param {string} arch
 * @param {{ ownSqlite: boolean }} options ownSqlite: the database addon comes from elsewhere
 */
export const nativeFiles = (platform, arch, { ownSqlite }) => {
  const datachannel = datachannelPlatform(platform, arch)
  const sqlite = ['lib/index.js', 'lib/binding.js', 'lib/database.js', 'lib/util.js', 'lib/sqlite-error.js', 'lib/methods']
  return {
    'better-sqlite3': ownSqlite ? sqlite : [...sqlite, `prebuilds/${platform}-${arch}.node`],
    'node-datachannel': ['dist/esm'],
    [datachannel]: ['node_datachannel.node'],
    'detect-libc': ['lib'],
  }
}

/** What a package.json has to say to a running application. */
const keptKeys = ['name', 'version', 'license', 'type', 'main', 'module', 'exports']

/** @param {string} name @param {string} to */
const writeManifest = async (name, to) => {
  /** @type {Record<string, unknown>} */
  const about = JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8'))
  await mkdir(to, { recursive: true })
  const kept = Object.fromEntries(Object.entries(about).filter(([key]) => keptKeys.includes(key)))
  await writeFile(join(to, 'package.json'), `${JSON.stringify(kept, null, 2)}\n`)
}

/**
 * Copies them to `node_modules` below a folder.
 * @param {string} folder
 * @param {Readonly<Record<string, readonly string[]>>} files of `nativeFiles`
 */
export const stageNatives = async (folder, files) => {
  for (const [name, parts] of Object.entries(files)) {
    if (!isInstalled(name)) throw new SetupError(`${name} is not installed: this package would not run on the system it is for.`)
    const to = join(folder, 'node_modules', name)
    await writeManifest(name, to)
    for (const part of parts) {
      await mkdir(dirname(join(to, part)), { recursive: true })
      const wanted = (/** @type {string} */ file) => !file.endsWith('.map') && !/\.d\.[cm]?ts$/.test(file)
      await cp(join(root, 'node_modules', name, part), join(to, part), { recursive: true, filter: wanted })
    }
  }
}
