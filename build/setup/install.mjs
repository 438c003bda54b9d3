import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withLock } from './cache.mjs'
import { root } from './paths.mjs'
import { SetupError, step } from './progress.mjs'
import { lastWords, npm } from './run.mjs'

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} LockEntry */
/** @typedef {{ packages?: Record<string, LockEntry> }} Lock */

/**
 * @param {string} file
 * @returns {Promise<Lock>} empty when there is none or it is torn
 */
const readLock = async (file) => {
  try {
    return /** @type {Lock} */ (JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return {}
  }
}

const libc = existsSync('/etc/alpine-release') ? 'musl' : 'glibc'

/**
 * Whether a package may be absent: optional, and not the one made for this machine. (npm 10 is known to leave that out
 * when a lock file was written elsewhere.)
 * @param {LockEntry} entry
 */
const mayBeAbsent = ({ optional, os, cpu, libc: libcs }) => {
  const forThisMachine =
    os !== undefined && os.includes(process.platform) && (cpu?.includes(process.arch) ?? true) && (libcs?.includes(libc) ?? true)
  return optional === true && !forThisMachine
}

/**
 * Whether what npm recorded as installed is what the lock file asks for. Optional packages of other platforms may be absent.
 * @param {Lock} asked package-lock.json
 * @param {Lock} installed node_modules/.package-lock.json, which npm writes last
 * @param {(path: string) => boolean} present
 */
export const matchesLock = (asked, installed, present) => {
  const entries = Object.entries(asked.packages ?? {}).filter(([path]) => path !== '')
  return (
    entries.length > 0 &&
    entries.every(([path, entry]) => {
      const found = installed.packages?.[path]
      if (!found) return mayBeAbsent(entry)
      return found.version === entry.version && found.integrity === entry.integrity && present(path)
    })
  )
}

const upToDate = async () =>
  matchesLock(await readLock(join(root, 'package-lock.json')), await readLock(join(root, 'node_modules', '.package-lock.json')), (path) =>
    existsSync(join(root, path, 'package.json')),
  )

/**
 * Installs the dependencies if they are not what the lock file says. Runs no install script of any package.
 * @param {{ again?: boolean }} [options] again: install even so
 */
export const provideDependencies = async (options = {}) => {
  if (!options.again && (await upToDate())) return
  await mkdir(join(root, 'dist'), { recursive: true })
  await withLock(join(root, 'dist', '.install-lock'), async () => {
    if (!options.again && (await upToDate())) return
    step('installing dependencies from the npm registry')
    const installed = await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root })
    if (installed.status !== 0) throw new SetupError(`npm ci failed:\n${lastWords(installed)}`)
    if (!(await upToDate())) throw new SetupError('npm ci finished, but what it installed is not what package-lock.json says.')
  })
}
