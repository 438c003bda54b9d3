import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { withLock } from '../setup/cache.mjs'
import { dist, root } from '../setup/paths.mjs'
import { SetupError, step } from '../setup/progress.mjs'
import { digestOf, filesBelow } from './sources.mjs'
import { targets } from './targets.mjs'

/** @typedef {import('./targets.mjs').Target} Target */
/** @typedef {{ digest: string, files: string[], previous: string[] }} Stamp what was written, and what the build before wrote */

/** @param {Target} target */
const stampFile = (target) => join(dist, `.built-${target.name}.json`)

/** @param {Target} target @returns {Promise<Stamp>} */
const readStamp = async (target) => {
  try {
    return /** @type {Stamp} */ (JSON.parse(await readFile(stampFile(target), 'utf8')))
  } catch {
    return { digest: '', files: [], previous: [] }
  }
}

/** @param {Target} target */
const inputDigest = async (target) =>
  digestOf(
    [
      ...(await filesBelow([...target.reads, 'build/bundle', 'build/patches'])),
      'package.json',
      'package-lock.json',
      'tsconfig.base.json',
    ].filter((file) => !/\.test\.tsx?$/.test(file)),
  )

/** @param {Stamp} stamp @param {string} digest */
const isCurrent = (stamp, digest) =>
  stamp.digest === digest && stamp.files.length > 0 && stamp.files.every((file) => existsSync(join(dist, file)))

/** Readers see the old file or the new one, never a part. @param {string} file @param {Uint8Array} content */
const writeWhole = async (file, content) => {
  await mkdir(dirname(file), { recursive: true })
  const partial = `${file}.${process.pid}.part`
  await writeFile(partial, content)
  await rename(partial, file)
}

/** Entry points last, and pages after them: whoever starts in between finds what its entry point names. @param {string} path */
const turnOf = (path) => (path.endsWith('.html') ? 2 : /^main\./.test(basename(path)) ? 1 : 0)

/** @param {Target} target */
const bundle = async (target) => {
  const esbuild = await import('esbuild')
  const out = join(dist, target.out)
  const options = { ...(await target.options()), absWorkingDir: root, outdir: out, write: /** @type {const} */ (false) }
  const [result, made] = await Promise.all([esbuild.build(options), target.makes?.(options)]).catch((/** @type {unknown} */ error) => {
    const errors = /** @type {{ errors?: import('esbuild').Message[] }} */ (error).errors
    if (!errors) throw error
    return esbuild.formatMessages(errors, { kind: 'error' }).then((lines) => {
      throw new SetupError(`Building ${target.name} failed:\n${lines.join('\n')}`)
    })
  })
  const written = []
  const outputs = [...result.outputFiles, ...(made?.files ?? [])]
  for (const file of outputs.sort((a, b) => turnOf(a.path) - turnOf(b.path))) {
    await writeWhole(file.path, file.contents)
    written.push(relative(dist, file.path).split(sep).join('/'))
  }
  for (const [from, to] of Object.entries(target.copies ?? {})) {
    if (!existsSync(join(root, from))) throw new SetupError(`Building ${target.name} failed: there is no ${from}.`)
    await mkdir(out, { recursive: true })
    await copyFile(join(root, from), join(out, to))
    written.push(`${target.out}/${to}`)
  }
  return written
}

/** @param {Target} target */
const buildOne = async (target) => {
  const digest = await inputDigest(target)
  if (isCurrent(await readStamp(target), digest)) return false
  return withLock(join(dist, `.lock-${target.name}`), async () => {
    const before = await readStamp(target)
    if (isCurrent(before, digest)) return false
    const files = await bundle(target)
    // An application that is running may still load the chunks of its own build: only what the build before it left goes.
    const keep = new Set([...files, ...before.files])
    for (const file of before.previous) if (!keep.has(file)) await rm(join(dist, file), { force: true })
    await writeFile(stampFile(target), JSON.stringify({ digest, files, previous: before.files.filter((file) => !files.includes(file)) }))
    return true
  })
}

/**
 * Builds what changed.
 * @param {readonly string[]} names of targets
 * @returns {Promise<string[]>} names of the targets that were built
 */
export const build = async (names) => {
  await mkdir(dist, { recursive: true })
  const started = performance.now()
  const wanted = targets.filter((target) => names.includes(target.name))
  const built = await Promise.all(wanted.map(async (target) => ((await buildOne(target)) ? [target.name] : [])))
  const done = built.flat()
  if (done.length > 0) step(`built ${done.join(', ')} in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  return done
}

export const appTargets = ['main', 'preload', 'renderer']
export const allTargets = targets.map((target) => target.name)
