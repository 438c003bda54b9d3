import { fuseStates } from './fuses.mjs'

/** @typedef {{ path: string, size: number }} PackedFile path from the folder that is installed, with forward slashes; inside an archive as `resources/app.asar/…` */

const archive = /^(?:.*\/)?resources\/app\.asar(?:\.unpacked)?\//i

/** What never belongs into a package, and what it is. @type {readonly { what: string, is: RegExp }[]} */
const unwanted = [
  { what: 'a source map', is: /\.map$/ },
  { what: 'a type declaration', is: /\.d\.[cm]?ts$/ },
  { what: 'a source file', is: /\.(?:tsx?|mts|cts|c|cc|cpp|h|hpp|gyp|gypi|o|a|obj|pdb)$/ },
  { what: 'a test', is: /(?:^|\/)(?:tests?|__tests__|spec|testing|fixtures|e2e)\/|\.(?:test|spec)\.[cm]?js$/ },
  { what: 'documentation of a dependency', is: /node_modules\/.*\.(?:md|markdown)$/i },
  {
    what: 'a setting of somebody’s tools',
    is: /(?:^|\/)(?:\.[a-z][^/]*|tsconfig[^/]*\.json|[^/]*\.config\.[cm]?[jt]s|Makefile|yarn\.lock|package-lock\.json)$/,
  },
  { what: 'React Native', is: /react-native/ },
  { what: 'the stock application', is: /default_app\.asar$/ },
  { what: 'a start-up snapshot of another application', is: /browser_v8_context_snapshot/ },
  { what: 'the development loader', is: /fallback-app|runtime\.json$/ },
]

/** A platform's name in the name of a native file or its package, where it is not this one. @param {string} platform @param {string} arch */
const foreign = (platform, arch) => {
  const family = /(?:^|[/_-])(darwin|linuxmusl|linux|win32|android)-(x64|arm64|ia32|arm)(-(?:gnu|musl|msvc))?(?=[./]|$)/
  return (/** @type {string} */ path) => {
    const [, system, machine, libc] = family.exec(path) ?? []
    if (system === undefined) return false
    return system !== platform || machine !== arch || libc === '-musl'
  }
}

/**
 * What is in a package and must not be, as sentences. Pure: the list of files decides.
 * @param {readonly PackedFile[]} files
 * @param {object} target
 * @param {string} target.platform @param {string} target.arch
 * @param {readonly string[]} target.packages the only ones that may be in node_modules
 * @param {readonly string[]} target.languages of Chromium that may be there
 */
export const judgeContents = (files, { platform, arch, packages, languages }) => {
  const isForeign = foreign(platform, arch)
  return files.flatMap(({ path }) => {
    const found = unwanted.find(({ is }) => is.test(path))
    if (found) return [`${path}: ${found.what}`]
    if (isForeign(path)) return [`${path}: for another platform`]
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path.replace(archive, ''))?.[1]
    if (name !== undefined && !packages.includes(name)) return [`${path}: ${name} is bundled, and not needed beside that`]
    const language = /(?:^|\/)locales\/([^/.]+)\.pak$/.exec(path)?.[1]
    if (language !== undefined && !languages.includes(language)) return [`${path}: a language the window does not speak`]
    return []
  })
}

/** What every package needs besides its native files. */
const needed = [
  ...['dist/app/entry.mjs', 'dist/app/preload.cjs', 'dist/app/workers/argon2.worker.mjs'],
  // Those that electron/ipc/first-answer.ts names, and what they wait for.
  ...[
    'index.html',
    'first-run.html',
    'first-run-required.html',
    'unlock.html',
    'unlock-recovery.html',
    'page.css',
    'main.js',
    'start.js',
  ].map((file) => `dist/app/renderer/${file}`),
  ...['dist/app/tray.png', 'dist/app/tray-unread.png'],
]
const neededBeside = ['licences.txt', 'sbom.cdx.json', 'LICENSES.chromium.html']

/**
 * What a package lacks, as sentences.
 * @param {readonly PackedFile[]} files
 * @param {readonly string[]} natives paths below the program's folder
 */
export const judgeCompleteness = (files, natives) => {
  const all = [...needed, ...natives].map((path) => ({ path, is: (/** @type {string} */ found) => found.replace(archive, '') === path }))
  const beside = neededBeside.map((path) => ({ path, is: (/** @type {string} */ found) => found.split('/').at(-1) === path }))
  return [...all, ...beside].filter(({ is }) => !files.some(({ path }) => is(path))).map(({ path }) => `${path} is missing`)
}

/** In which line of the report a file counts, first match first. @type {readonly { name: string, is: RegExp }[]} */
const groups = [
  { name: 'database and WebRTC (native)', is: /\.node$/ },
  { name: 'window', is: /app\.asar\/dist\/app\/renderer\// },
  { name: 'messenger and command line', is: /app\.asar\/dist\/|app\.asar\/node_modules\/|app\.asar\/package\.json/ },
  { name: 'licences and bill of materials', is: /LICENSE|licences\.txt|sbom\.cdx\.json/i },
  { name: 'languages of Chromium', is: /(?:^|\/)locales\/|\.lproj\// },
  { name: 'Electron', is: /./ },
]

/** @param {number} bytes */
export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`

/** What is inside, a line a group. @param {readonly PackedFile[]} files */
export const contentsReport = (files) =>
  groups.map(({ name, is }, index) => {
    const own = files.filter(({ path }) => is.test(path) && !groups.slice(0, index).some((earlier) => earlier.is.test(path)))
    return `${megabytes(sumOf(own)).padStart(10)}  ${name} (${own.length} files)`
  })

/** @param {readonly PackedFile[]} files */
export const sumOf = (files) => files.reduce((total, { size }) => total + size, 0)

/** How much larger than a bare Electron package of the same runtime a package may be. */
export const largestRatio = 1.15

/**
 * Against a bare package once with all of Chromium's languages, as Electron ships it, and once with as few as ours has:
 * the second is the one that counts, so that what is left out cannot hide what was put in.
 * @param {readonly PackedFile[]} ours @param {readonly PackedFile[]} bare
 */
export const sizeRatios = (ours, bare) => {
  const isLanguage = (/** @type {PackedFile} */ { path }) =>
    groups.find(({ name }) => name === 'languages of Chromium')?.is.test(path) ?? false
  const kept = new Set(ours.filter(isLanguage).map(({ path }) => path))
  const asBare = bare.filter((file) => !isLanguage(file) || kept.has(file.path))
  return { asShipped: sumOf(ours) / sumOf(bare), sameLanguages: sumOf(ours) / sumOf(asBare) }
}

/**
 * What the fuses read back from a package are not as they should be, as sentences.
 * @param {Readonly<Record<string, boolean>>} read
 */
export const judgeFuses = (read) =>
  Object.entries(fuseStates)
    .filter(([name, wanted]) => read[name] !== wanted)
    .map(
      ([name, wanted]) =>
        `the fuse ${name} is ${read[name] === undefined ? 'absent' : read[name] ? 'on' : 'off'} and should be ${wanted ? 'on' : 'off'}`,
    )
