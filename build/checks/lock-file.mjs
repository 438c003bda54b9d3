import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../setup/paths.mjs'

/** @typedef {{ resolved?: string, optionalDependencies?: Record<string, string> }} Entry */

/**
 * What is wrong with a lock file. One that names no host works with every registry and gives nobody's network away.
 * One written where a registry lacked the packages of other platforms leaves them out: npm 10 installs from it,
 * npm 11 refuses, and on those platforms the package does not run.
 * @param {{ packages: Record<string, Entry> }} lock
 */
export const judgeLock = ({ packages }) => {
  const present = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)))
  return Object.entries(packages).flatMap(([path, { resolved, optionalDependencies }]) => [
    ...(resolved === undefined ? [] : [`package-lock.json says where ${path} came from: install with the settings of .npmrc`]),
    ...Object.keys(optionalDependencies ?? {})
      .filter((name) => !present.has(name))
      .map((name) => `package-lock.json lacks ${name}, which ${path} wants: pin a version whose packages all exist`),
  ])
}

/** @type {import('./outcome.mjs').Check} */
export const lockFile = {
  name: 'lock file',
  minimum: 100,
  unit: 'packages',
  cacheable: false,
  run: async () => {
    const lock = /** @type {{ packages: Record<string, Entry> }} */ (JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')))
    return { read: Object.keys(lock.packages).length, problems: judgeLock(lock) }
  },
}
