import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { SetupError, step } from './progress.mjs'
import { lastWords, run } from './run.mjs'

/** Debian's names; where a release renamed one, the newer name first. */
const windowPackages = [
  ['libgtk-3-0t64', 'libgtk-3-0'],
  ['libnss3'],
  ['libasound2t64', 'libasound2'],
  ['libgbm1'],
  ['libxss1'],
  ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'],
  ['libdrm2'],
  ['dbus'],
]
const displayPackages = [['xvfb']]
const compilerPackages = [['g++']]

/** @param {string} program */
export const onPath = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)))

/** @param {string} lddOutput */
export const librariesMissing = (lddOutput) => [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '')

/** @param {string} binary */
const lacksLibraries = async (binary) => librariesMissing((await run('ldd', [binary])).stdout).length > 0

/** @typedef {{ window?: string | undefined, display?: boolean, compiler?: boolean }} Needs window: the Electron program whose libraries must be there */

/**
 * What is missing of what is needed, as groups of alternative package names.
 * @param {Needs} needs
 */
const missing = async (needs) => [
  ...(needs.window && (await lacksLibraries(needs.window)) ? windowPackages : []),
  ...(needs.display && !onPath('Xvfb') ? displayPackages : []),
  ...(needs.compiler && !(onPath('cc') && onPath('c++')) ? compilerPackages : []),
]

/** The first name of each group that this release of the distribution has. @param {readonly string[][]} groups */
const namesHere = async (groups) => {
  const names = []
  for (const group of groups) {
    let chosen = group.at(-1) ?? ''
    if (group.length > 1) {
      const first = group[0] ?? ''
      const policy = await run('apt-cache', ['policy', first], { env: { ...process.env, LC_ALL: 'C' } })
      if (/Candidate: (?!\(none\))/.test(policy.stdout)) chosen = first
    }
    names.push(chosen)
  }
  return names
}

/** What to put before a command to run it as root: nothing, or sudo where it asks for no password; undefined when neither. */
export const asRoot = async () => {
  if (process.getuid?.() === 0) return []
  return onPath('sudo') && (await run('sudo', ['-n', 'true'])).status === 0 ? ['sudo', '-n'] : undefined
}

/** @param {readonly string[]} prefix @param {readonly string[]} args */
const apt = async (prefix, args) => {
  const [program = '', ...rest] = [
    ...prefix,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-q',
    '-o',
    'DPkg::Lock::Timeout=120',
    ...args,
  ]
  const done = await run(program, rest)
  if (done.status !== 0) throw new SetupError(`apt-get ${args[0] ?? ''} failed:\n${lastWords(done)}`)
}

/**
 * Installs what the system lacks, on Debian and its kin as root or with a passwordless sudo; otherwise stops with
 * the one command to give. Does nothing on other systems than Linux.
 * @param {Needs} needs
 */
export const provideSystemPackages = async (needs) => {
  if (process.platform !== 'linux') return
  const groups = await missing(needs)
  if (groups.length === 0) return
  if (!onPath('apt-get')) {
    throw new SetupError(
      `This system lacks what Debian calls ${groups.map((group) => group.at(-1)).join(' ')}. Please install it and try again.`,
    )
  }
  const prefix = await asRoot()
  if (!prefix) {
    const names = (await namesHere(groups)).join(' ')
    throw new SetupError(`Some system packages are missing. Please install them and try again:\n\n  sudo apt-get install -y ${names}\n`)
  }
  step('refreshing the list of system packages')
  await apt(prefix, ['update'])
  const names = await namesHere(groups)
  step(`installing system packages: ${names.join(' ')}`)
  await apt(prefix, ['install', '-y', '--no-install-recommends', ...names])
  const still = await missing(needs)
  if (still.length > 0) throw new SetupError(`Still missing after installing: ${still.map((group) => group.at(-1)).join(' ')}`)
}
