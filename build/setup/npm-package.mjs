import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { SetupError } from './progress.mjs'
import { lastWords, npm, run } from './run.mjs'

/** @typedef {{ name: string, version: string, integrity: string }} PinnedPackage integrity as npm writes it: `sha512-…` */

/**
 * @param {string} file
 * @returns {Promise<string>} `sha512-` and the digest in base 64
 */
export const integrityOf = async (file) => {
  const hash = createHash('sha512')
  await pipeline(createReadStream(file), hash)
  return `sha512-${hash.digest('base64')}`
}

/**
 * Fetches one package with npm, checks it against its pin and unpacks it. Nothing of it is run.
 * @param {PinnedPackage} pin
 * @param {string} folder exists; afterwards holds `package/`
 */
export const unpackPackage = async (pin, folder) => {
  const spec = `${pin.name}@${pin.version}`
  const packed = await npm(['pack', spec, '--pack-destination', folder, '--silent'], { cwd: folder })
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'))
  if (packed.status !== 0 || !tarball) throw new SetupError(`Could not fetch ${spec} from the npm registry:\n${lastWords(packed)}`)
  if ((await integrityOf(join(folder, tarball))) !== pin.integrity)
    throw new SetupError(`What the npm registry sent as ${spec} is not what this version of SpacePanda was tested with. Not used.`)
  // A relative name: GNU tar on Windows takes the colon of a drive letter for a host.
  const unpacked = await run('tar', ['-xzf', tarball], { cwd: folder })
  if (unpacked.status !== 0) throw new SetupError(`Could not unpack ${spec}:\n${lastWords(unpacked)}`)
  await rm(join(folder, tarball))
}
