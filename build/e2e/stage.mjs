import { chmod, chown, copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { machineSwitches, waitForDriver } from '../run/launch-options.mjs'
import { dist, root } from '../setup/paths.mjs'
import { SetupError } from '../setup/progress.mjs'
import { lastWords, run } from '../setup/run.mjs'
import { provideOrdinaryUser } from './ordinary-user.mjs'

/** Loaded from node_modules by the built application, because they are native. */
const nativePackages = ['better-sqlite3', 'node-datachannel']

/**
 * Packages with everything they need, as installed at the top of node_modules.
 * @param {readonly string[]} names
 * @param {string} modules
 */
export const closureOf = async (names, modules) => {
  /** @type {Set<string>} */
  const found = new Set()
  const queue = [...names]
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name) || !existsSync(join(modules, name))) continue
    found.add(name)
    const about = /** @type {{ dependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} */ (
      JSON.parse(await readFile(join(modules, name, 'package.json'), 'utf8'))
    )
    queue.push(...Object.keys({ ...about.dependencies, ...about.optionalDependencies }))
  }
  return [...found].sort()
}

/**
 * A copy of a tree, by hard links where source and copy share a file system: the runtime is 250 MB.
 * @param {string} from @param {string} to
 */
const copyTree = async (from, to) => {
  await mkdir(dirname(to), { recursive: true })
  if ((await run('cp', ['-al', from, to])).status === 0) return
  await rm(to, { recursive: true, force: true })
  const copied = await run('cp', ['-a', from, to])
  if (copied.status !== 0) throw new SetupError(`Could not copy ${basename(from)} for the window tests:\n${lastWords(copied)}`)
}

/** A single-quoted word for sh. @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`

/**
 * The program drivers start as root: gives the profile folder to the ordinary user, opens the way to it, and becomes
 * that user and Electron by `exec`, so that signals, standard streams and exit status are Electron's own.
 * @param {{ executable: string, home: string, user: { name: string, uid: number, gid: number } }} launch
 */
export const launcherScript = ({ executable, home, user }) => `#!/bin/sh
set -eu
if [ -n "\${SPACEPANDA_DATA_DIR:-}" ]; then
  mkdir -p "$SPACEPANDA_DATA_DIR"
  chown -R ${user.uid}:${user.gid} "$SPACEPANDA_DATA_DIR"
  above=$(dirname "$SPACEPANDA_DATA_DIR")
  while case "$above" in "\${TMPDIR:-/tmp}"/?*) true ;; *) false ;; esac; do
    chmod o+x "$above"
    above=$(dirname "$above")
  done
fi
# Playwright switches the sandbox off unless told otherwise (chromiumSandbox). Not here.
for argument; do
  shift
  [ "$argument" = --no-sandbox ] || set -- "$@" "$argument"
done
unset TMPDIR XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME XDG_STATE_HOME
export HOME=${quoted(home)} USER=${quoted(user.name)} LOGNAME=${quoted(user.name)} XDG_RUNTIME_DIR=${quoted(join(home, 'run'))}
exec setpriv --reuid ${user.uid} --regid ${user.gid} --clear-groups ${quoted(executable)} "$@"
`

/** @param {string} folder @param {import('../setup/provide.mjs').Desktop} desktop */
const stageRuntime = async (folder, desktop) => {
  const runtime = join(folder, 'runtime')
  await copyTree(dirname(desktop.electron.executable), runtime)
  const helper = join(runtime, 'chrome-sandbox')
  // A copy, not a link: its owner and mode are this stage's business, not the cache's.
  await rm(helper)
  await copyFile(join(dirname(desktop.electron.executable), 'chrome-sandbox'), helper)
  await chown(helper, 0, 0)
  await chmod(helper, 0o4755)
  return join(runtime, basename(desktop.electron.executable))
}

/** @param {string} folder @param {import('../setup/provide.mjs').Desktop} desktop */
const stageApplication = async (folder, desktop) => {
  const app = join(folder, 'app')
  await mkdir(join(app, 'dist'), { recursive: true })
  await copyFile(join(root, 'package.json'), join(app, 'package.json'))
  await cp(join(dist, 'app'), join(app, 'dist', 'app'), { recursive: true })
  const modules = join(root, 'node_modules')
  for (const name of await closureOf(nativePackages, modules)) await copyTree(join(modules, name), join(app, 'node_modules', name))
  let sqliteBinding
  if (desktop.sqliteBinding) {
    sqliteBinding = join(app, basename(desktop.sqliteBinding))
    await copyFile(desktop.sqliteBinding, sqliteBinding)
  }
  await writeFile(join(app, 'dist', 'runtime.json'), JSON.stringify({ electron: desktop.electron.version, sqliteBinding }))
  await run('chmod', ['-R', 'a+rX', app])
  return app
}

/**
 * A copy of runtime and built application that an ordinary user can run, for tests started by root: the sandbox is
 * part of the product, and Chromium has none for root.
 * @param {import('../setup/provide.mjs').Desktop} desktop
 * @returns {Promise<{ launch: { executablePath: string, args: string[] }, folder: string, remove: () => Promise<void> }>}
 */
export const stageForOrdinaryUser = async (desktop) => {
  const user = await provideOrdinaryUser()
  const folder = await mkdtemp(join(tmpdir(), 'spacepanda-stage-'))
  await chmod(folder, 0o755)
  const executable = await stageRuntime(folder, desktop)
  const app = await stageApplication(folder, desktop)
  const home = join(folder, 'home')
  for (const place of [home, join(home, 'run')]) {
    await mkdir(place, { mode: 0o700 })
    await chown(place, user.uid, user.gid)
  }
  const preload = join(folder, basename(waitForDriver))
  await copyFile(waitForDriver, preload)
  await chmod(preload, 0o644)
  const executablePath = join(folder, 'launch')
  await writeFile(executablePath, launcherScript({ executable, home, user }), { mode: 0o755 })
  return {
    launch: { executablePath, args: [...machineSwitches(), '-r', preload, app] },
    folder,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
