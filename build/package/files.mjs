import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Every file below a folder with its size; links and folders are not files.
 * @param {string} folder @param {string} [below]
 * @returns {Promise<import('./contents.mjs').PackedFile[]>}
 */
export const packedFiles = async (folder, below = '') => {
  const entries = await readdir(join(folder, below), { withFileTypes: true })
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) return packedFiles(folder, path)
      return entry.isFile() ? [{ path, size: (await stat(join(folder, path))).size }] : []
    }),
  )
  return found.flat()
}
