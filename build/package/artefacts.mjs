import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** @typedef {import('./publishable.mjs').Artefact} Artefact */

/** The list of what was made, beside it. */
export const listName = 'artefacts.json'

/** @param {string} file */
const sha256 = async (file) => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(/** @type {Buffer} */ (chunk))
  return hash.digest('hex')
}

/** @param {string} file @param {Omit<Artefact, 'file' | 'sha256' | 'size'>} facts @returns {Promise<Artefact>} */
export const describeArtefact = async (file, facts) => ({
  file: basename(file),
  sha256: await sha256(file),
  size: (await stat(file)).size,
  ...facts,
})

/** What lies in a folder: the list (none if there is none), and every other file. @param {string} folder */
export const readArtefacts = async (folder) => {
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name)
  const artefacts = names.includes(listName) ? /** @type {Artefact[]} */ (JSON.parse(await readFile(join(folder, listName), 'utf8'))) : []
  const found = await Promise.all(
    names.filter((name) => name !== listName).map(async (name) => ({ name, sha256: await sha256(join(folder, name)) })),
  )
  return { artefacts, found }
}
