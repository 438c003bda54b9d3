import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { nodeModuleOptions } from './bundle/targets.mjs'
import { prepareWindowTests } from './e2e/environment.mjs'
import { stopDescendants } from './run/descendants.mjs'
import { dist, root } from './setup/paths.mjs'
import { runScript, SetupError, step } from './setup/progress.mjs'
import { provideDesktop } from './setup/provide.mjs'

/** @typedef {import('./setup/provide.mjs').Desktop} Desktop */
/** @typedef {{ program: string, args: string[], env: Record<string, string> }} Run */

/** Starts windows itself; all others measure the node, in both runtimes it is used in. */
const windowBenches = ['cold-start']
/** Each takes half of this at most by itself; this is for one that hangs. `history` makes a profile of a million messages first. */
const longestMs = (/** @type {string} */ name) => slowBenches[name] ?? 90_000
/** @type {Readonly<Record<string, number | undefined>>} */
const slowBenches = { history: 1_200_000, 'group-size': 240_000, 'catch-up': 400_000, healing: 400_000, idle: 400_000 }
/** An interrupted bench takes its far process and its folder with it, if it is given the time. */
const politeMs = 5_000

const benchNames = async () =>
  (await readdir(join(root, 'bench'))).filter((name) => /^[a-z0-9-]+\.ts$/.test(name)).map((name) => basename(name, '.ts'))

/** @param {readonly string[]} wanted */
const choose = async (wanted) => {
  const names = await benchNames()
  const unknown = wanted.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new SetupError(`There is no bench "${unknown}". There are: ${names.join(', ')}.`)
  return wanted.length === 0 ? names : names.filter((name) => wanted.includes(name))
}

/** Bundled, because Electron's Node runs no TypeScript. @param {readonly string[]} names @param {string} out */
const bundle = async (names, out) => {
  const esbuild = await import('esbuild')
  const entryPoints = Object.fromEntries(names.map((name) => [name, `bench/${name}.ts`]))
  await esbuild.build({ ...nodeModuleOptions(entryPoints), absWorkingDir: root, outdir: out })
}

/**
 * In Electron's runtime, as the window's node runs, and in Node, as the command line does.
 * @param {readonly string[]} names @param {Desktop} desktop @param {{ out: string, temporary: string }} folders
 * @returns {Promise<Run[]>}
 */
const nodeRuns = async (names, desktop, { out, temporary }) => {
  if (names.length === 0) return []
  await bundle(names, out)
  const binding = desktop.sqliteBinding ? { SPACEPANDA_SQLITE_BINDING: desktop.sqliteBinding } : {}
  // Profiles lie in there, so that none is left behind however a bench ends.
  const place = { TMPDIR: temporary, TEMP: temporary, TMP: temporary }
  return names.flatMap((name) => [
    { program: desktop.electron.executable, args: [join(out, `${name}.mjs`)], env: { ...place, ...binding, ELECTRON_RUN_AS_NODE: '1' } },
    { program: desktop.node, args: [join(root, 'bench', `${name}.ts`)], env: place },
  ])
}

/** @param {Run} run @param {AbortSignal} signal @returns {Promise<boolean>} whether it went well */
const runOne = ({ program, args, env }, signal) =>
  new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] })
    const end = () => {
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), politeMs).unref()
    }
    const timer = setTimeout(end, longestMs(basename(args[0] ?? '').replace(/\.\w+$/, '')))
    signal.addEventListener('abort', end, { once: true })
    const finish = (/** @type {boolean} */ ok) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve(ok)
    }
    child.on('error', () => finish(false))
    child.on('close', (code) => finish(code === 0))
  })

await runScript(async () => {
  const names = await choose(process.argv.slice(2))
  const interrupted = new AbortController()
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => interrupted.abort())
  const desktop = await provideDesktop({ ownDisplay: true })
  const windows = names.filter((name) => windowBenches.includes(name))
  const prepared = windows.length > 0 ? await prepareWindowTests(desktop) : undefined
  const out = join(dist, 'bench')
  const temporary = await mkdtemp(join(tmpdir(), 'spacepanda-bench-'))
  try {
    const runs = [
      ...windows.map((name) => ({ program: desktop.node, args: [join(root, 'bench', `${name}.ts`)], env: prepared?.env ?? {} })),
      ...(await nodeRuns(
        names.filter((name) => !windowBenches.includes(name)),
        desktop,
        { out, temporary },
      )),
    ]
    let failed = 0
    for (const run of runs) if (!interrupted.signal.aborted && !(await runOne(run, interrupted.signal))) failed += 1
    if (failed > 0) process.stderr.write(`\n${failed} of ${runs.length} benches failed\n`)
    step(`figures: ${join(root, 'bench', 'out')}`)
    return failed > 0 || interrupted.signal.aborted ? 1 : 0
  } finally {
    await stopDescendants()
    await prepared?.stop()
    for (const folder of [out, temporary]) await rm(folder, { recursive: true, force: true })
  }
})
