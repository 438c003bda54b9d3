import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

/** @typedef {import('./request.mjs').Request} Request */

/** @param {string} program @param {readonly string[]} args @param {NodeJS.ProcessEnv} [env] */
export const call = (program, args, env = process.env) => {
  const done = spawnSync(program, args, { encoding: 'utf8', env })
  if (done.status !== 0) throw new Error(`${program}: ${done.error?.message ?? done.stderr}`)
  return done.stdout
}

/** Whoever builds may have a stricter umask than whoever installs can use. @param {string} folder */
export const openToAll = (folder) => call('chmod', ['-R', 'u+rwX,go+rX,go-w', folder])

/**
 * Lays out what is going to be installed, as it will lie from the root on, in a folder that goes when `work` is done.
 * @template T
 * @param {Request['files']} files
 * @param {(tree: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export const withTree = async (files, work) => {
  const tree = await mkdtemp(join(tmpdir(), 'spacepanda-package-'))
  try {
    for (const { from, to, tree: whole } of files) {
      const place = join(tree, to)
      await mkdir(whole ? place : dirname(place), { recursive: true, mode: 0o755 })
      if (whole) call('cp', ['-a', `${resolve(from)}/.`, place])
      else await cp(from, place, { preserveTimestamps: true })
    }
    openToAll(tree)
    return await work(tree)
  } finally {
    await rm(tree, { recursive: true, force: true })
  }
}

/** Same content, same bytes: when a file was unpacked here is nobody's business. @param {string} tree */
export const settleTimes = (tree) => {
  const { SOURCE_DATE_EPOCH } = process.env
  if (SOURCE_DATE_EPOCH !== undefined) call('find', [tree, '-exec', 'touch', '--no-dereference', `--date=@${SOURCE_DATE_EPOCH}`, '{}', '+'])
}
