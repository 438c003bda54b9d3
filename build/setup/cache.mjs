import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readdir, rename, rm, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { devCache } from './paths.mjs'

/** Longer than anything done under a lock; a holder older than this is another process that got its number. */
const staleMs = 30 * 60_000

/** In a container whose first process does not collect the dead, a killed process stays as a zombie. @param {number} pid */
const isZombie = (pid) => {
  try {
    return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false // no such system, or gone: the signal below tells
  }
}

/** @param {number} pid */
const alive = (pid) => {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

/** Whether whoever took the lock cannot give it back any more. @param {string} file */
const abandoned = async (file) => {
  try {
    const holder = Number(await readFile(file, 'utf8'))
    const age = Date.now() - (await stat(file)).mtimeMs
    return age > staleMs || (holder > 0 && !alive(holder))
  } catch {
    return false // given back in the meantime
  }
}

/**
 * Runs `work` while no other process holds the lock of that name. A holder that died loses it.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export const withLock = async (file, work) => {
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
    }
    if (await abandoned(file)) await rm(file, { force: true })
    else await sleep(100)
  }
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
  }
}

/** Half-made entries whose maker is gone. @param {string} base */
const sweep = async (base) => {
  for (const name of await readdir(base)) {
    const pid = Number(/^\.making-.*-(\d+)$/.exec(name)?.[1] ?? Number.NaN)
    if (pid > 0 && !alive(pid)) await rm(join(base, name), { recursive: true, force: true })
  }
}

/**
 * The folder of a cache entry, made on first use. An entry appears complete or not at all: it is made
 * beside its place and renamed, so an interrupted run leaves nothing and concurrent runs share one result.
 * @param {string} key names content and version; the content of a key never changes
 * @param {(folder: string) => Promise<void>} make fills an empty folder
 * @param {string} [base]
 * @returns {Promise<string>} absolute folder
 */
export const cached = async (key, make, base = devCache) => {
  const place = join(base, key)
  if (existsSync(place)) return place
  await mkdir(base, { recursive: true })
  return withLock(join(base, `.lock-${key}`), async () => {
    if (existsSync(place)) return place
    await sweep(base)
    const making = join(base, `.making-${key}-${process.pid}`)
    try {
      await mkdir(making)
      await make(making)
      await rename(making, place)
    } finally {
      await rm(making, { recursive: true, force: true })
    }
    return place
  })
}
