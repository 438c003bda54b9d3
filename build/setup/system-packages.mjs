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
const networkPackages = [['iproute2'], ['nftables']]
const rpmPackages = [['rpm']]
const polkitPackages = [['pkexec', 'policykit-1'], ['polkitd', 'policykit-1'], ['dbus']]

/** @param {string} program */
export const onPath = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)))

/**
 * What is asked of the machine.
 * @typedef {object} System
 * @property {(program: string) => boolean} has
 * @property {typeof run} run
 * @property {() => boolean} isRoot
 */

/** @type {System} */
const thisSystem = { has: onPath, run, isRoot: () => process.getuid?.() === 0 }

/** @param {string} lddOutput */
export const librariesMissing = (lddOutput) => [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '')

/** @typedef {{ window?: string | undefined, display?: boolean, compiler?: boolean, networks?: boolean, rpm?: boolean, polkit?: boolean }} Needs window: the Electron program whose libraries must be there; networks: what makes networks and routers of one's own; rpm: what makes and installs packages of other distributions; polkit: what lets a person act as root */

/**
 * What is missing of what is needed, as groups of alternative package names.
 * @param {Needs} needs @param {System} system
 */
const missing = async (needs, system) => {
  const lacksLibraries = needs.window !== undefined && librariesMissing((await system.run('ldd', [needs.window])).stdout).length > 0
  return [
    ...(lacksLibraries ? windowPackages : []),
    ...(needs.display && !system.has('Xvfb') ? displayPackages : []),
    ...(needs.networks && !(system.has('ip') && system.has('nft')) ? networkPackages : []),
    ...(needs.rpm && !(system.has('rpmbuild') && system.has('rpm')) ? rpmPackages : []),
    ...(needs.polkit && !(system.has('pkexec') && system.has('dbus-daemon')) ? polkitPackages : []),
    ...(needs.compiler && !(system.has('cc') && system.has('c++')) ? compilerPackages : []),
  ]
}

/**
 * The name in each group that this release of the distribution has: the first if it is known, else the last.
 * @param {readonly string[][]} groups @param {System} system
 */
const namesHere = async (groups, system) => {
  const names = []
  for (const group of groups) {
    const [newer = '', older = newer] = group
    const policy = group.length > 1 ? await system.run('apt-cache', ['policy', newer], { env: { ...process.env, LC_ALL: 'C' } }) : undefined
    names.push(policy && /Candidate: (?!\(none\))/.test(policy.stdout) ? newer : older)
  }
  return names
}

/**
 * What to put before a command to run it as root: nothing, or sudo where it asks for no password; undefined when neither.
 * @param {System} [system]
 */
export const asRoot = async (system = thisSystem) => {
  if (system.isRoot()) return []
  return system.has('sudo') && (await system.run('sudo', ['-n', 'true'])).status === 0 ? ['sudo', '-n'] : undefined
}

/** @param {System} system @param {readonly string[]} prefix @param {readonly string[]} args */
const apt = async (system, prefix, args) => {
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
  const done = await system.run(program, rest)
  if (done.status !== 0) throw new SetupError(`apt-get ${args[0] ?? ''} failed:\n${lastWords(done)}`)
}

/**
 * Installs what the system lacks, on Debian and its kin as root or with a passwordless sudo; otherwise stops with
 * the one command to give. Does nothing on other systems than Linux.
 * @param {Needs} needs
 * @param {System} [system]
 */
export const provideSystemPackages = async (needs, system = thisSystem) => {
  if (process.platform !== 'linux') return
  const groups = await missing(needs, system)
  if (groups.length === 0) return
  if (!system.has('apt-get')) {
    throw new SetupError(
      `This system lacks what Debian calls ${groups.map((group) => group.at(-1)).join(' ')}. Please install it and try again.`,
    )
  }
  const prefix = await asRoot(system)
  if (!prefix) {
    const names = (await namesHere(groups, system)).join(' ')
    throw new SetupError(`Some system packages are missing. Please install them and try again:\n\n  sudo apt-get install -y ${names}\n`)
  }
  step('refreshing the list of system packages')
  await apt(system, prefix, ['update'])
  const names = await namesHere(groups, system)
  step(`installing system packages: ${names.join(' ')}`)
  await apt(system, prefix, ['install', '-y', '--no-install-recommends', ...names])
  const still = await missing(needs, system)
  if (still.length > 0) throw new SetupError(`Still missing after installing: ${still.map((group) => group.at(-1)).join(' ')}`)
}
