import { allTargets, build } from './bundle/build.mjs'
import { runChecks } from './checks/run-checks.mjs'
import { prepareWindowTests } from './e2e/environment.mjs'
import { noInstalling, prepareInstallTests } from './install/environment.mjs'
import { runScript, step } from './setup/progress.mjs'
import { provideDesktop, provideTools } from './setup/provide.mjs'
import { provideSystemPackages } from './setup/system-packages.mjs'
import { stopDescendants } from './run/descendants.mjs'
import { ending, failedRun, sum } from './run/tally.mjs'
import { runVitest } from './run/vitest.mjs'

/** @typedef {import('./run/tally.mjs').Tally} Tally */

/** @param {readonly string[]} args */
const optionsFrom = (args) => {
  const at = args.indexOf('--only')
  return {
    only: at < 0 ? undefined : args[at + 1],
    nightly: args.includes('--nightly'),
    rest: args.filter((arg, index) => arg !== '--nightly' && (at < 0 || (index !== at && index !== at + 1))),
  }
}

/** Tests of the command line and of windows run what was built. @returns {Promise<Tally>} */
const buildEverything = async () => {
  await build(allTargets)
  return { passed: 0, skipped: 0, failures: [] }
}

/** Only root may make networks; others leave these tests out, and so does who cannot get what makes them: the tests say so. */
const provideNetworks = async () => {
  if (process.getuid?.() !== 0) return
  try {
    await provideSystemPackages({ networks: true })
  } catch (error) {
    step(`what makes networks for tests is not there: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** @param {readonly string[]} rest filters for vitest @returns {Promise<Tally>} */
const unitTests = async (rest) => {
  const node = await provideTools()
  await provideNetworks()
  try {
    step('unit and integration tests')
    return await runVitest(node, ['node', 'renderer', 'alone'], rest)
  } finally {
    await stopDescendants()
  }
}

/** @param {import('./setup/provide.mjs').Desktop} desktop @param {readonly string[]} rest @returns {Promise<Tally>} */
const windowTests = async (desktop, rest) => {
  const prepared = await prepareWindowTests(desktop)
  try {
    step('end-to-end tests in real windows')
    return await runVitest(desktop.node, ['e2e'], rest, prepared.env)
  } finally {
    await stopDescendants()
    await prepared.stop()
  }
}

/** Packages are made, installed and removed where that is possible and takes nothing from anybody. @param {import('./setup/provide.mjs').Desktop} desktop @param {readonly string[]} rest @returns {Promise<Tally>} */
const installTests = async (desktop, rest) => {
  const why = await noInstalling()
  if (why !== null) {
    step(`skipping the tests of installed packages: ${why}`)
    return { passed: 0, skipped: 1, failures: [] }
  }
  const prepared = await prepareInstallTests(desktop)
  try {
    step('tests of an installed package')
    return await runVitest(desktop.node, ['install'], rest, prepared.env)
  } finally {
    await stopDescendants()
    await prepared.stop()
  }
}

/** A part that could not run counts as one failure, and the others still run. @param {string} name @param {() => Promise<Tally>} part */
const guarded = async (name, part) => {
  try {
    return await part()
  } catch (error) {
    const failure = `${name}: ${error instanceof Error ? error.message : String(error)}`
    process.stderr.write(`\n✗ ${failure}\n`)
    return failedRun(failure)
  }
}

await runScript(async () => {
  const { only, nightly, rest } = optionsFrom(process.argv.slice(2))
  if (nightly) process.env.SPACEPANDA_NIGHTLY = '1'
  // An interrupt ends what is running; the rest is left out, and everything is still put away.
  const state = { interrupted: false }
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => (state.interrupted = true))
  await provideTools()
  // First of all: whoever has to install something should not learn it after ten minutes of other tests.
  const desktop = only === 'unit' ? undefined : await provideDesktop({ ownDisplay: true })
  /** @type {{ name: string, run: () => Promise<Tally> }[]} */
  const parts = [{ name: 'build', run: buildEverything }]
  if (only === undefined) parts.push({ name: 'checks', run: runChecks })
  if (only === undefined || only === 'unit') parts.push({ name: 'unit tests', run: () => unitTests(rest) })
  if (desktop && only !== 'install') parts.push({ name: 'end-to-end tests', run: () => windowTests(desktop, rest) })
  if (desktop && only !== 'e2e')
    parts.push({ name: 'installation tests', run: () => installTests(desktop, only === undefined ? [] : rest) })
  /** @type {Tally[]} */
  const tallies = []
  for (const { name, run } of parts) if (!state.interrupted) tallies.push(await guarded(name, run))
  if (state.interrupted) tallies.push(failedRun('interrupted'))
  const total = sum(tallies)
  process.stdout.write(`\n${ending(total)}\n`)
  return total.failures.length > 0 ? 1 : 0
})
