import { parseArgs } from 'node:util'
import { SetupError } from '../setup/progress.mjs'

export const allTargets = /** @type {const} */ (['AppImage', 'deb', 'rpm', 'nsis', 'dmg', 'zip'])

/** @typedef {(typeof allTargets)[number]} PackageTarget */
/**
 * What `npm run package -- …` was asked for.
 * @typedef {object} Wishes
 * @property {boolean} release made to be published: anything that would forbid that is an error
 * @property {PackageTarget[] | null} targets null: whatever can be made here
 * @property {string | null} version of a test package, in the place of package.json's
 * @property {number} number counts the test packages of one version
 * @property {boolean} debuggable a test package that tests can steer
 * @property {string | null} updates a file like resources/updates.json, for a test package that shall update itself
 */

const versionShape = /^\d+\.\d+\.\d+$/

/** @param {readonly string[]} args @returns {Wishes} */
export const wishesFrom = (args) => {
  const { values } = read(args)
  const { release, version, debuggable, updates } = values
  const number = Number(values.number)
  const targets = values.targets?.split(',') ?? null
  const unknown = targets?.find((name) => !allTargets.some((target) => target === name))
  if (unknown !== undefined) throw new SetupError(`There is no package "${unknown}". There are: ${allTargets.join(', ')}.`)
  if (version !== undefined && !versionShape.test(version)) throw new SetupError(`"${version}" is not a version like 1.2.3.`)
  if (!Number.isInteger(number) || number < 1) throw new SetupError('--number counts from 1.')
  const forTests = [
    ['--version', version !== undefined],
    ['--debuggable', debuggable],
    ['--updates', updates !== undefined],
  ].find(([, given]) => given === true)
  if (release && forTests) throw new SetupError(`${forTests[0]} is for test packages: a release takes nothing from the command line.`)
  return {
    release,
    targets: /** @type {PackageTarget[] | null} */ (targets),
    version: version ?? null,
    number,
    debuggable,
    updates: updates ?? null,
  }
}

/** @param {readonly string[]} args */
const read = (args) => {
  const flag = /** @type {const} */ ({ type: 'boolean', default: false })
  try {
    return parseArgs({
      args: [...args],
      options: {
        release: flag,
        debuggable: flag,
        updates: { type: 'string' },
        targets: { type: 'string' },
        version: { type: 'string' },
        number: { type: 'string', default: '1' },
      },
    })
  } catch (error) {
    throw new SetupError(error instanceof Error ? error.message : String(error))
  }
}
