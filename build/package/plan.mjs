import { SetupError } from '../setup/progress.mjs'
import { whyNotToRelease } from './update-source.mjs'

/** @typedef {import('./wishes.mjs').PackageTarget} PackageTarget */
/** @typedef {import('./wishes.mjs').Wishes} Wishes */
/** @typedef {import('./update-source.mjs').UpdateSource} UpdateSource */
/** @typedef {Pick<import('../setup/electron.mjs').Runtime, 'kind' | 'version'>} RuntimeFacts */
/** @typedef {{ version: string, kind: 'test' | 'release', targets: PackageTarget[], because: string[] }} Plan because: sentences for whoever asked */

/**
 * A package is made on the system it is for: its native parts are the ones installed there.
 * @type {Readonly<Record<string, readonly PackageTarget[] | undefined>>}
 */
const onSystem = { linux: ['AppImage', 'deb', 'rpm'], win32: ['nsis'], darwin: ['dmg', 'zip'] }

/** Those that the system's own programs make, whatever the runtime. @type {readonly PackageTarget[]} */
const ownMaker = ['deb', 'rpm']

/** @param {(program: string) => boolean} onPath @returns {PackageTarget[]} */
export const makersHere = (onPath) => ownMaker.filter((target) => onPath(target === 'deb' ? 'dpkg-deb' : 'rpmbuild'))

/** @param {PackageTarget} target */
const missingMaker = (target) => {
  if (target === 'deb') return 'dpkg-deb is missing'
  return target === 'rpm' ? 'rpmbuild is missing (Debian’s package rpm)' : undefined
}

/**
 * What will be made here, and why that and no more.
 * @param {object} facts
 * @param {Wishes} facts.wishes
 * @param {RuntimeFacts} facts.runtime
 * @param {{ version: string, electron: string, homepage: string | undefined, updates: UpdateSource }} facts.pinned package.json's own version, and that of its Electron; resources/updates.json
 * @param {string} facts.platform
 * @param {readonly PackageTarget[]} facts.makers of which packages the system has what makes them: dpkg-deb, rpmbuild
 * @returns {Plan}
 */
export const planPackages = ({ wishes, runtime, pinned, platform, makers }) => {
  const possible = onSystem[platform] ?? []
  const fallback = runtime.kind === 'fallback'
  if (wishes.release) refuseRelease(runtime, pinned)
  const makeable = possible.filter((target) => (fallback || ownMaker.includes(target) ? makers.includes(target) : true))
  // A release is whole: of that nothing is left out unseen.
  const targets = wishes.targets ?? [...(wishes.release ? possible : makeable)]
  const because = fallback
    ? [
        `the official Electron cannot be had here, so this is a TEST BUILD on Electron ${runtime.version}, which is end-of-life: never to be published`,
        'at most the deb and the rpm: what makes the other packages is fetched from where the official Electron is',
      ]
    : []
  const impossible = targets.find((target) => !makeable.includes(target))
  if (impossible !== undefined)
    throw new SetupError(
      `${impossible} cannot be made here: ${possible.includes(impossible) ? (missingMaker(impossible) ?? because[1] ?? '') : `that is made on ${homeOf(impossible)}`}.`,
    )
  if (targets.length === 0)
    throw new SetupError(
      possible.length === 0 ? 'Nothing can be packaged on this system.' : 'Without dpkg-deb or rpmbuild no package can be made here.',
    )
  const leftOut = wishes.targets === null ? ownMaker.filter((target) => possible.includes(target) && !makeable.includes(target)) : []
  because.push(...leftOut.map((target) => `no ${target}: ${missingMaker(target) ?? ''}`))
  if (!fallback && !wishes.release) because.push('a TEST BUILD: only --release makes packages to be published')
  if (wishes.debuggable) because.push('tests can steer its window (--debuggable)')
  const version = wishes.release ? pinned.version : `${wishes.version ?? pinned.version}-test.${wishes.number}`
  return { version, kind: wishes.release ? 'release' : 'test', targets, because }
}

/** @param {RuntimeFacts} runtime @param {{ electron: string, homepage: string | undefined, updates: UpdateSource }} pinned */
const refuseRelease = (runtime, pinned) => {
  if (runtime.kind === 'fallback')
    throw new SetupError(
      `A release on Electron ${runtime.version}, the end-of-life runtime for tests, is refused: it needs the official ${pinned.electron}.`,
    )
  if (runtime.version !== pinned.electron)
    throw new SetupError(`A release needs Electron ${pinned.electron}, as package.json says; here is ${runtime.version}.`)
  if (pinned.homepage === undefined)
    throw new SetupError('A release says whom to turn to: package.json has neither homepage nor author yet (docs/releasing.md).')
  const why = whyNotToRelease(pinned.updates)
  if (why !== null) throw new SetupError(`A release has to be able to update itself: ${why} (resources/updates.json, docs/releasing.md).`)
}

/** @param {PackageTarget} target */
const homeOf = (target) => {
  if (target === 'nsis') return 'Windows'
  return target === 'dmg' || target === 'zip' ? 'macOS' : 'Linux'
}
