import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../setup/paths.mjs'
import { SetupError } from '../setup/progress.mjs'

/**
 * Where a package looks for updates, and whose signatures it believes. A release takes those of the checkout; a test package
 * none, or those of a file that a test wrote: the keys of the makers are in no test package, and those of a test in no release.
 * @typedef {{ url: string, keys: { serial: number, keys: { name: string, key: string }[] } }} UpdateSource
 */

/** The makers' own: public keys only. */
export const makersFile = join(root, 'resources', 'updates.json')

/** @param {string} file @returns {Promise<UpdateSource>} */
export const readUpdateSource = async (file) => {
  try {
    return /** @type {UpdateSource} */ (JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    throw new SetupError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/**
 * Why no release can be made with it, as a sentence; null if one can. electron/updater reads it once more, as strictly.
 * @param {UpdateSource} source
 */
export const whyNotToRelease = ({ url, keys: { keys } }) => {
  const place = URL.canParse(url) ? new URL(url) : null
  if (place?.protocol !== 'https:' || place.hostname.endsWith('.invalid') || !url.endsWith('/'))
    return `updates are looked for at ${url}, which leads nowhere`
  if (keys.length !== 3) return `there are ${keys.length} keys for updates, and there must be three`
  const placeholder = keys.find(({ key }) => !/^[0-9a-f]{64}$/.test(key) || /^(.)\1*$/.test(key))
  if (placeholder) return `the key of ${placeholder.name} for updates is a placeholder`
  if (new Set(keys.map(({ key }) => key)).size < 3 || new Set(keys.map(({ name }) => name)).size < 3)
    return 'one maker has two of the keys for updates'
  return null
}
