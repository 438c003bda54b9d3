import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { devCache, root } from './paths.mjs'
import { step } from './progress.mjs'
import { run } from './run.mjs'

const folder = join(root, 'node_modules', 'electron')

/** How long a failed attempt is remembered, so that not every start tries again. */
const rememberMs = 24 * 3_600_000
/** Long enough for a slow connection to answer, short enough to wait for at the first start. */
const probeMs = 4_000
/** About 110 MB on a slow line. */
const downloadMs = 600_000

/** @param {string} file */
const readText = (file) => readFile(file, 'utf8').catch(() => '')

/**
 * The official Electron of node_modules, if its program is there.
 * @returns {Promise<{ version: string, executable: string } | undefined>}
 */
export const findOfficialElectron = async () => {
  const about = /** @type {{ version: string }} */ (JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')))
  const programName = await readText(join(folder, 'path.txt'))
  const installed = (await readText(join(folder, 'dist', 'version'))).trim().replace(/^v/, '')
  const executable = join(folder, 'dist', programName)
  return programName && installed === about.version && existsSync(executable) ? { version: about.version, executable } : undefined
}

/** Whether the release site answers at all; behind a proxy or with a mirror only trying tells. */
const reachable = () => {
  const { ELECTRON_MIRROR, HTTPS_PROXY, https_proxy } = process.env
  if (ELECTRON_MIRROR ?? HTTPS_PROXY ?? https_proxy ?? process.env.npm_config_electron_mirror) return Promise.resolve(true)
  return /** @type {Promise<boolean>} */ (
    new Promise((resolve) => {
      const socket = connect(443, 'github.com')
      const end = (/** @type {boolean} */ answer) => {
        socket.destroy()
        resolve(answer)
      }
      socket.setTimeout(probeMs, () => end(false))
      socket.on('connect', () => end(true)).on('error', () => end(false))
    })
  )
}

/** @param {string} note */
const failedLately = async (note) => {
  const found = await stat(note).catch(() => undefined)
  return found !== undefined && Date.now() - found.mtimeMs < rememberMs
}

/**
 * Downloads the official Electron with its own installer, which checks what it gets against the package's checksums.
 * @param {string} node Node 22 or newer
 * @param {boolean} insist try even if it failed lately: there is nothing to fall back to
 * @returns {Promise<string | undefined>} why it could not be had; undefined when it is there
 */
export const downloadOfficialElectron = async (node, insist) => {
  const about = /** @type {{ version: string }} */ (JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')))
  const note = join(devCache, `electron-${about.version}-unreachable`)
  if (!insist && (await failedLately(note))) return 'its release site was not reachable lately'
  let reason = 'its release site is not reachable'
  if (await reachable()) {
    step(`fetching Electron ${about.version}`)
    const done = await run(node, [join(folder, 'install.js')], { cwd: folder, timeoutMs: downloadMs })
    if (done.status === 0) {
      await rm(note, { force: true })
      return undefined
    }
    reason = done.status === 124 ? 'its download took too long' : 'its download failed'
  }
  await mkdir(devCache, { recursive: true })
  await writeFile(note, 'Delete this file to try again at the next start.\n')
  return reason
}
