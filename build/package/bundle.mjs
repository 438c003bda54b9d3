import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { defineBuild, targets, workers } from '../bundle/targets.mjs'
import { root } from '../setup/paths.mjs'
import { SetupError } from '../setup/progress.mjs'

/** @typedef {import('../bundle/targets.mjs').BuildInfo} BuildInfo */

/** What a package holds of what `npm run build` makes; the command line is part of its main program. */
const packaged = ['main', 'preload', 'renderer']

/**
 * The program as it is packaged: without source maps, without white space, names kept so that a stack in a report can be read.
 * @param {string} folder
 * @param {BuildInfo} info
 * @returns {Promise<string[]>} every file that was read, as esbuild names them
 */
export const bundleForPackage = async (folder, info) => {
  const esbuild = await import('esbuild')
  /** @type {Set<string>} */
  const inputs = new Set()
  for (const target of targets.filter(({ name }) => packaged.includes(name))) {
    const options = await target.options()
    const entryPoints = target.name === 'main' ? { entry: 'electron/entry.ts', ...(await workers()) } : options.entryPoints
    const out = join(folder, 'dist', target.out)
    /** @satisfies {import('esbuild').BuildOptions} */
    const how = {
      ...options,
      ...(entryPoints === undefined ? {} : { entryPoints }),
      absWorkingDir: root,
      outdir: out,
      define: defineBuild(info),
      sourcemap: /** @type {const} */ (false),
      minifyWhitespace: true,
      minifySyntax: true,
      legalComments: /** @type {const} */ ('none'),
    }
    const built = await esbuild.build({ ...how, metafile: true })
    if (built.warnings.length > 0) throw new SetupError(`Bundling ${target.name} warned: ${built.warnings[0]?.text ?? ''}`)
    const made = await target.makes?.(how)
    for (const { path, contents } of made?.files ?? []) {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, contents)
    }
    for (const input of [...Object.keys(built.metafile.inputs), ...(made?.inputs ?? [])]) inputs.add(input)
    for (const [from, to] of Object.entries(target.copies ?? {})) {
      await mkdir(dirname(join(out, to)), { recursive: true })
      await copyFile(join(root, from), join(out, to))
    }
  }
  return [...inputs].sort()
}
