import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { applyPatches } from '../apply-patches.mjs'
import { provideElectron } from './electron.mjs'
import { provideDependencies } from './install.mjs'
import { provideNode } from './node.mjs'
import { dist } from './paths.mjs'
import { step } from './progress.mjs'
import { requireSandbox } from './sandbox.mjs'
import { provideSqliteAddon, sqliteAddonMissing } from './sqlite-addon.mjs'
import { provideSystemPackages } from './system-packages.mjs'

/** Oldest Node-API the prebuilt SQLite addon runs on. */
const prebuiltNodeApi = 10

/** Our corrections of dependencies; where an older correction is in the way, on a fresh copy. */
const correctDependencies = async () => {
  try {
    await applyPatches()
  } catch (error) {
    step(`installing again to correct a dependency: ${error instanceof Error ? error.message : 'its correction does not fit'}`)
    await provideDependencies({ again: true })
    await applyPatches()
  }
}

/** Dependencies and the Node that tools run on. */
export const provideTools = async () => {
  await provideDependencies()
  await correctDependencies()
  return provideNode()
}

/**
 * Everything the desktop application needs to run here.
 * @param {{ ownDisplay?: boolean }} [options] ownDisplay: a virtual display is wanted even if there is a real one
 */
export const provideDesktop = async (options = {}) => {
  const node = await provideTools()
  const electron = await provideElectron(node)
  const rebuild = electron.nodeApi < prebuiltNodeApi
  const headless = !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY
  await provideSystemPackages({
    window: electron.executable,
    display: headless || (options.ownDisplay ?? false),
    compiler: rebuild && (await sqliteAddonMissing()),
  })
  await requireSandbox(electron.executable)
  const sqliteBinding = rebuild ? await provideSqliteAddon() : undefined
  // Read by the fallback runtime's loader.
  await mkdir(dist, { recursive: true })
  await writeFile(join(dist, 'runtime.json'), `${JSON.stringify({ electron: electron.version, sqliteBinding })}\n`)
  return { node, electron, sqliteBinding, headless }
}

/** What packages are made of: a runtime, and the database addon where the published one does not fit it. Needs no window here. */
export const providePackagingRuntime = async () => {
  const node = await provideTools()
  const electron = await provideElectron(node)
  const rebuild = electron.nodeApi < prebuiltNodeApi
  await provideSystemPackages({ compiler: rebuild && (await sqliteAddonMissing()) })
  return { node, electron, sqliteBinding: rebuild ? await provideSqliteAddon() : undefined }
}

/** @typedef {Awaited<ReturnType<typeof provideDesktop>>} Desktop */
