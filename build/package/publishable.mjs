/**
 * @typedef {object} Artefact a line of artefacts.json, which `npm run package` leaves beside what it made
 * @property {string} file name
 * @property {string} sha256
 * @property {number} size
 * @property {string} version
 * @property {'test' | 'release'} kind
 * @property {boolean} debuggable
 * @property {string | null} commit
 * @property {boolean} clean nothing was changed since that commit
 * @property {{ kind: 'official' | 'fallback', version: string }} runtime
 * @property {string} runtimeInside the version of Electron that the packed program itself names
 */
/** @typedef {{ name: string, sha256: string }} FoundFile what really lies there */
/** @typedef {{ version: string, electron: string, commit: string | null }} Expected */

/**
 * Why what lies in a folder may not be published, as sentences; none means that it may. Pure. Whoever wants to publish a
 * test build has to lie in four places: the version in its name, the kind, the runtime it claims, and the one inside.
 * @param {readonly Artefact[]} artefacts
 * @param {readonly FoundFile[]} found
 * @param {Expected} expected
 */
export const reasonsNotToPublish = (artefacts, found, expected) => [
  ...(artefacts.length === 0 ? ['there is nothing to publish'] : []),
  ...found.filter(({ name }) => !artefacts.some(({ file }) => file === name)).map(({ name }) => `${name}: nobody says how it was made`),
  ...artefacts.flatMap((artefact) => reasonsAgainst(artefact, found, expected).map((reason) => `${artefact.file}: ${reason}`)),
]

/** @param {Artefact} artefact @param {readonly FoundFile[]} found @param {Expected} expected */
const reasonsAgainst = (artefact, found, expected) => {
  const { runtime, runtimeInside, version, commit } = artefact
  /** @type {readonly (readonly [boolean, string])[]} */
  const reasons = [
    [artefact.kind !== 'release', 'it is a test build'],
    [/[-~_.]test\b/.test(artefact.file) || /test/.test(version), 'its version is that of a test build'],
    [runtime.kind !== 'official', `its runtime (Electron ${runtime.version}) is the end-of-life one for tests`],
    [runtime.version !== expected.electron, `it claims Electron ${runtime.version}, and package.json says ${expected.electron}`],
    [runtimeInside !== expected.electron, `Electron ${runtimeInside} is inside, and package.json says ${expected.electron}`],
    [artefact.debuggable, 'its window can be steered from outside'],
    [version !== expected.version, `its version is ${version}, and package.json says ${expected.version}`],
    [commit === null || commit !== expected.commit, `it was made from ${commit ?? 'no commit'}, and here is ${expected.commit ?? 'none'}`],
    [!artefact.clean, 'something was changed that is in no commit'],
    [found.find(({ name }) => name === artefact.file)?.sha256 !== artefact.sha256, 'the file is not the one that was made'],
  ]
  return reasons.filter(([applies]) => applies).map(([, reason]) => reason)
}
