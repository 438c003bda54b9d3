import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { withLock } from './cache.mjs'
import { devCache, root } from './paths.mjs'
import { step } from './progress.mjs'
import { run } from './run.mjs'

/**
 * @typedef {object} Place
 * @property {string} folder the installed package `electron`
 * @property {string} notes where failures are remembered
 * @property {() => Promise<boolean>} reachable whether the release site answers at all
 */

/** How long a failed attempt is remembered, so that not every start tries again. */
const rememberMs = 24 * 3_600_000
/** Long enough for a slow connection to answer, short enough to wait for at the first start. */
const probeMs = 4_000
/** About 110 MB on a slow line. */
const downloadMs = 600_000

/** Behind a proxy or with a mirror only trying tells. @returns {Promise<boolean>} */
const siteAnswers = () => {
  const { ELECTRON_MIRROR, HTTPS_PROXY, https_proxy, npm_config_electron_mirror } = process.env
  if (ELECTRON_MIRROR ?? HTTPS_PROXY ?? https_proxy ?? npm_config_electron_mirror) return Promise.resolve(true)
  return new Promise((resolve) => {
    const socket = connect(443, 'github.com')
    const end = (/** @type {boolean} */ answer) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(probeMs, () => end(false))
    socket.on('connect', () => end(true)).on('error', () => end(false))
  })
}

/** @type {Place} */
const ours = { folder: join(root, 'node_modules', 'electron'), notes: devCache, reachable: siteAnswers }

/** @param {string} file */
const readText = (file) => readFile(file, 'utf8').catch(() => '')

/** @param {Place} place */
const wantedVersion = async ({ folder }) =>
  /** @type {{ version: string }} */ (JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))).version

/**
 * The official Electron of node_modules, if its program is there.
 * @param {Place} [place]
 * @returns {Promise<{ version: string, executable: string } | undefined>}
 */
export const findOfficialElectron = async (place = ours) => {
  const version = await wantedVersion(place)
  // Written last by Electron's installer, so that an interrupted one does not count.
  const programName = await readText(join(place.folder, 'path.txt'))
  const installed = (await readText(join(place.folder, 'dist', 'version'))).trim().replace(/^v/, '')
  const executable = join(place.folder, 'dist', programName)
  return programName && installed === version && existsSync(executable) ? { version, executable } : undefined
}

/** @param {string} note */
const failedLately = async (note) => {
  const found = await stat(note).catch(() => undefined)
  return found !== undefined && Date.now() - found.mtimeMs < rememberMs
}

/** @param {Place} place @param {string} node @param {string} version @returns {Promise<string | undefined>} */
const download = async (place, node, version) => {
  if (await findOfficialElectron(place)) return undefined
  if (!(await place.reachable())) return 'its release site is not reachable'
  step(`fetching Electron ${version}`)
  const done = await run(node, [join(place.folder, 'install.js')], { cwd: place.folder, timeoutMs: downloadMs })
  if (done.status === 0) return undefined
  return done.status === 124 ? 'its download took too long' : 'its download failed'
}

/**
 * Downloads the official Electron with its own installer, which checks what it gets against the package's checksums.
 * @param {string} node Node 22 or newer
 * @param {boolean} insist try even if it failed lately: there is nothing to fall back to
 * @param {Place} [place]
 * @returns {Promise<string | undefined>} why it could not be had; undefined when it is there
 */
export const downloadOfficialElectron = async (node, insist, place = ours) => {
  const version = await wantedVersion(place)
  const note = join(place.notes, `electron-${version}-unreachable`)
  if (!insist && (await failedLately(note))) return 'its release site was not reachable lately'
  const reason = await withLock(join(place.folder, '.install-lock'), () => download(place, node, version))
  if (reason === undefined) await rm(note, { force: true })
  else {
    await mkdir(place.notes, { recursive: true })
    await writeFile(note, 'Delete this file to try again at the next start.\n')
  }
  return reason
}
