import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../setup/paths.mjs'

/** @typedef {{ version: string, homepage?: string, author?: { name: string, email: string }, devDependencies: { electron: string } }} Manifest what packaging reads of package.json */

/** @returns {Promise<Manifest>} */
export const readManifest = async () => /** @type {Manifest} */ (JSON.parse(await readFile(join(root, 'package.json'), 'utf8')))
