/**
 * Calls electron-builder, and describes what it left. A process of its own, in Node 24: electron-builder wants that, and
 * `npm run package` starts on 20. Reads its orders from standard input; the last line it prints is the answer, as JSON.
 */
import { chmod } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import asar from '@electron/asar'
import { Arch, build, Platform } from 'electron-builder'
import { builderConfig } from './builder-config.mjs'
import { packedFiles } from './files.mjs'
import { readFuses } from './fuses.mjs'

/**
 * @typedef {object} Orders
 * @property {import('./stage.mjs').Stage} stage
 * @property {string} projectDir
 * @property {string} electronVersion
 * @property {string} output
 * @property {import('./wishes.mjs').PackageTarget[]} targets
 * @property {boolean} release
 */
/** @typedef {import('./contents.mjs').PackedFile} PackedFile */
/** @typedef {{ artefacts: string[], files: PackedFile[], fuses: Record<string, boolean>, unpacked: string }} Built */

const platform = Platform.current()

/** What is in the archive as if it were a folder; what lies beside it unpacked counts there. @param {string} archive @param {string} name */
const filesInArchive = (archive, name) =>
  asar.listPackage(archive, { isPack: false }).flatMap((entry) => {
    const path = entry.replaceAll('\\', '/').replace(/^\//, '')
    const about = asar.statFile(archive, path)
    return 'size' in about && !about.unpacked ? [{ path: `${name}/${path}`, size: about.size }] : []
  })

/** @param {string} unpacked */
const describe = async (unpacked) => {
  const files = await packedFiles(unpacked)
  const archive = files.find(({ path }) => path.endsWith('app.asar'))
  if (!archive) throw new Error('the package has no app.asar')
  return [...files.filter((file) => file !== archive), ...filesInArchive(join(unpacked, archive.path), archive.path)]
}

/** @param {string} folder with what is going to be packed */
const giveSandbox = async (folder) => {
  const helper = join(folder, 'chrome-sandbox')
  // Whoever unpacks it as root (dpkg, rpm) has Chromium's sandbox for everybody, with or without user namespaces.
  if (existsSync(helper)) await chmod(helper, 0o4755)
}

/** @param {Orders} orders @returns {Promise<Built>} */
const make = async (orders) => {
  let unpacked = ''
  const artefacts = await build({
    projectDir: orders.projectDir,
    targets: platform.createTarget([...orders.targets], process.arch === 'arm64' ? Arch.arm64 : Arch.x64),
    publish: 'never',
    config: {
      ...builderConfig(orders),
      afterPack: async ({ appOutDir }) => {
        unpacked = appOutDir
        await giveSandbox(appOutDir)
      },
    },
  })
  return { artefacts, files: await describe(unpacked), fuses: await readFuses(join(unpacked, programOf())), unpacked }
}

const programOf = () => {
  if (process.platform === 'darwin') return 'SpacePanda.app'
  return process.platform === 'win32' ? 'SpacePanda.exe' : 'spacepanda'
}

const answer = await make(/** @type {Orders} */ (JSON.parse(await text(process.stdin))))
process.stdout.write(`\n${JSON.stringify(answer)}\n`)
