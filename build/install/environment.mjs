import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { provideOrdinaryUser } from '../e2e/ordinary-user.mjs'
import { readCommit } from '../package/commit.mjs'
import { makeTestMakers, passphrase } from './makers.mjs'
import { makePackages } from '../package/make.mjs'
import { readManifest } from '../package/manifest.mjs'
import { planPackages } from '../package/plan.mjs'
import { makersFile, readUpdateSource } from '../package/update-source.mjs'
import { wishesFrom } from '../package/wishes.mjs'
import { machineSwitches } from '../run/launch-options.mjs'
import { startXvfb } from '../run/xvfb.mjs'
import { SetupError, step } from '../setup/progress.mjs'
import { run } from '../setup/run.mjs'
import { onPath, provideSystemPackages } from '../setup/system-packages.mjs'

/** @typedef {import('../setup/provide.mjs').Desktop} Desktop */

/**
 * Why packages cannot be installed and removed here for a test, or null. Whoever has SpacePanda installed keeps it: the
 * test would take it away.
 */
export const noInstalling = async () => {
  if (process.platform !== 'linux' || !onPath('dpkg-deb')) return 'a deb can only be installed on Debian and its kin'
  if (process.getuid?.() !== 0) return 'installing a package takes root: run `sudo npm run test:install`'
  const status = (await run('dpkg-query', ['--show', '--showformat=${db:Status-Status}', 'spacepanda'])).stdout
  // Of what came from an rpm, or was unpacked there, dpkg knows nothing.
  const free = (status === '' || status === 'not-installed') && !existsSync('/opt/SpacePanda') && !existsSync('/usr/bin/spacepanda')
  return free ? null : 'SpacePanda is installed here, and a test would take it away'
}

/**
 * What some of the tests need, where it can be had; they are left out elsewhere, and it is said so.
 * @param {'rpm' | 'polkit'} what @returns {Promise<boolean>}
 */
const provideFor = async (what) => {
  try {
    await provideSystemPackages({ [what]: true })
    return true
  } catch (error) {
    step(`leaving out the tests of ${what}: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
}

/**
 * Packages for tests, steerable by them, of one build.
 * @param {Desktop} desktop @param {string} folder @param {readonly import('../package/wishes.mjs').PackageTarget[]} makers deb, and maybe rpm
 * @param {readonly string[]} args as of `npm run package`
 */
const makeTestPackages = async (desktop, folder, makers, args) => {
  const { node, electron: runtime, sqliteBinding } = desktop
  const wishes = wishesFrom(['--targets', makers.join(','), '--debuggable', ...args])
  const { version, homepage, devDependencies } = await readManifest()
  const pinned = { version, homepage, electron: devDependencies.electron, updates: await readUpdateSource(makersFile) }
  const updates = wishes.updates === null ? null : await readUpdateSource(wishes.updates)
  const plan = planPackages({ wishes, runtime, pinned, platform: process.platform, makers })
  const { debuggable } = wishes
  const made = await makePackages({ node, folder, plan, debuggable, updates, runtime, sqliteBinding, commit: await readCommit() })
  if (made.problems.length > 0) throw new SetupError(`The package is not as it should be:\n${made.problems.join('\n')}`)
  const of = (/** @type {string} */ ending) => made.artefacts.find(({ file }) => file.endsWith(ending))?.file
  const [deb, rpm] = [of('.deb'), of('.rpm')]
  if (deb === undefined || (rpm === undefined) === makers.includes('rpm')) throw new SetupError('What was to be made was not.')
  return { deb: join(folder, deb), rpm: rpm === undefined ? null : join(folder, rpm), version: plan.version }
}

/**
 * What the suites of installed packages run with: a deb and an rpm, an ordinary user, a display. They find it as JSON in
 * SPACEPANDA_INSTALL, and install and remove by themselves; `stop` removes what a broken run left.
 * @param {Desktop} desktop
 * @returns {Promise<{ env: Record<string, string>, stop: () => Promise<void> }>}
 */
export const prepareInstallTests = async (desktop) => {
  const folder = await mkdtemp(join(tmpdir(), 'spacepanda-install-'))
  // The ordinary user goes through to its homes inside.
  await chmod(folder, 0o711)
  const undo = [() => rm(folder, { recursive: true, force: true })]
  const stop = async () => {
    for (const put of undo.reverse()) await put()
  }
  try {
    const keys = join(folder, 'makers')
    const updates = await makeTestMakers(desktop.node, keys)
    /** @type {import('../package/wishes.mjs').PackageTarget[]} */
    const makers = (await provideFor('rpm')) ? ['deb', 'rpm'] : ['deb']
    const first = await makeTestPackages(desktop, join(folder, 'packages'), makers, ['--updates', updates])
    const next = await makeTestPackages(desktop, join(folder, 'next'), makers, ['--updates', updates, '--number', '2'])
    undo.push(async () => {
      if ((await noInstalling()) === null) return
      step('removing the package that a test left installed')
      await run('dpkg', ['--purge', 'spacepanda'])
    })
    const rpmDatabase = join(folder, 'rpm-database')
    undo.push(async () => {
      // Where nothing is known there is nothing to erase, and it says so.
      await run('rpm', ['--dbpath', rpmDatabase, '--erase', '--nodeps', '--force-debian', 'spacepanda'])
    })
    const display = await startXvfb({ size: '1920x1200' })
    undo.push(display.stop)
    const facts = {
      ...first,
      electron: desktop.electron.version,
      user: await provideOrdinaryUser(),
      folder,
      next,
      makers: { folder: keys, passphrase },
      rpmDatabase,
      polkit: await provideFor('polkit'),
      switches: machineSwitches(),
    }
    return { env: { SPACEPANDA_INSTALL: JSON.stringify(facts), DISPLAY: display.display }, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
