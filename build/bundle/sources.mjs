import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../setup/paths.mjs'

const skipped = new Set(['node_modules', 'dist', 'demo-out', 'test-results', '.git'])

/**
 * Files below the given places, sorted, as paths relative to the checkout with forward slashes.
 * @param {readonly string[]} places files or folders, relative to the checkout; absent ones hold nothing
 * @param {string} [base]
 * @returns {Promise<string[]>}
 */
export const filesBelow = async (places, base = root) => {
  /** @type {string[]} */
  const found = []
  /** @param {string} folder */
  const walk = async (folder) => {
    for (const entry of await readdir(join(base, folder), { withFileTypes: true })) {
      const path = folder === '.' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory() && !skipped.has(entry.name)) await walk(path)
      else if (entry.isFile()) found.push(path)
    }
  }
  for (const place of places) {
    try {
      await walk(place)
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error)
      if (code === 'ENOTDIR') found.push(place)
      else if (code !== 'ENOENT') throw error
    }
  }
  return found.sort()
}

/**
 * One digest of names and contents.
 * @param {readonly string[]} files relative to the checkout
 * @param {string} [base]
 */
export const digestOf = async (files, base = root) => {
  const hash = createHash('sha256')
  const contents = await Promise.all(files.map((file) => readFile(join(base, file)).catch(() => '')))
  for (const [index, file] of files.entries()) {
    const content = contents[index] ?? ''
    hash.update(`${file}\0${content.length}\0`)
    hash.update(content)
  }
  return hash.digest('hex')
}
