import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cached } from './cache.mjs'
import { platformKey } from './node.mjs'
import { devCache, root } from './paths.mjs'
import { SetupError, step } from './progress.mjs'
import { lastWords, run } from './run.mjs'

const nodeApi = 9
const addonFolder = join(root, 'node_modules', 'better-sqlite3')
const shim = fileURLToPath(new URL('sqlite-napi9.h', import.meta.url))

/** Flags of the package's own binding.gyp, but for the Node-API version and the shim. */
const cFlags = ['-O3', '-fPIC', '-std=c99', '-w', '-DNDEBUG']
const cxxFlags = ['-O3', '-fPIC', '-std=c++20', '-w', '-fvisibility=hidden', '-fvisibility-inlines-hidden', '-fno-exceptions', '-fno-rtti']
const cxxDefines = ['NDEBUG', 'NAPI_DISABLE_CPP_EXCEPTIONS', 'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS', `NAPI_VERSION=${nodeApi}`]

/**
 * The compile-time options SQLite is built with, from the package's own list.
 * @param {string} gypi text of deps/defines.gypi
 */
export const definesOf = (gypi) => [...gypi.matchAll(/^\s*'([A-Z0-9_]+(?:=[^']*)?)',$/gm)].map((match) => match[1] ?? '')

const key = async () => {
  const about = /** @type {{ name: string, version: string }} */ (JSON.parse(await readFile(join(addonFolder, 'package.json'), 'utf8')))
  const hash = createHash('sha256')
  hash.update(await readFile(shim))
  hash.update(JSON.stringify([cFlags, cxxFlags, cxxDefines]))
  return `sqlite-${about.version}-napi${nodeApi}-${platformKey}-${hash.digest('hex').slice(0, 8)}`
}

/** @param {string} program @param {readonly string[]} args */
const compile = async (program, args) => {
  const done = await run(program, args)
  if (done.status !== 0) throw new SetupError(`Compiling SQLite failed (${program}):\n${lastWords(done)}`)
}

const build = async (/** @type {string} */ folder) => {
  const sqlite = join(addonFolder, 'deps', 'sqlite3')
  const defines = definesOf(await readFile(join(addonFolder, 'deps', 'defines.gypi'), 'utf8'))
  if (defines.length < 20) throw new SetupError("The list of SQLite's compile-time options is not where it used to be.")
  const include = [sqlite, join(root, 'node_modules', 'node-api-headers', 'include'), join(root, 'node_modules', 'node-addon-api')]
  const sqliteObject = join(folder, 'sqlite3.o')
  const addonObject = join(folder, 'addon.o')
  await Promise.all([
    compile('cc', [...cFlags, ...defines.map((name) => `-D${name}`), '-I', sqlite, '-c', join(sqlite, 'sqlite3.c'), '-o', sqliteObject]),
    compile('c++', [
      ...cxxFlags,
      ...cxxDefines.map((name) => `-D${name}`),
      ...include.flatMap((path) => ['-I', path]),
      '-include',
      shim,
      '-c',
      join(addonFolder, 'src', 'better_sqlite3.cpp'),
      '-o',
      addonObject,
    ]),
  ])
  const link = ['-shared', '-Wl,-Bsymbolic', '-Wl,--exclude-libs,ALL', '-s', '-o', join(folder, 'better_sqlite3.node')]
  await compile('c++', [...link, addonObject, sqliteObject, '-ldl', '-lpthread', '-lm'])
  await Promise.all([rm(sqliteObject), rm(addonObject)])
}

/** Whether a compiler is needed to go on. */
export const sqliteAddonMissing = async () => !existsSync(join(devCache, await key()))

/**
 * better-sqlite3 for a runtime with Node-API 9, where the package's prebuilt addon crashes. Needs a C++ compiler the first time.
 * @returns {Promise<string>} the addon, for the `nativeBinding` option
 */
export const provideSqliteAddon = async () => {
  if (await sqliteAddonMissing()) step('compiling SQLite for this older Electron (a minute or two, once)')
  return join(await cached(await key(), build), 'better_sqlite3.node')
}
