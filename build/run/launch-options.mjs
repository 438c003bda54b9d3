import { existsSync, statfsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { root } from '../setup/paths.mjs'

/** Chromium keeps shared bitmaps there; containers often give it 64 MB, on which the renderer crashes. */
const smallSharedMemory = 512 * 2 ** 20

const sharedMemoryBytes = () => {
  const { blocks, bsize } = statfsSync('/dev/shm')
  return blocks * bsize
}

/**
 * What this machine needs Chromium to be told.
 * @returns {string[]}
 */
export const machineSwitches = () => {
  if (process.platform !== 'linux') return []
  return [
    ...(existsSync('/dev/dri') ? [] : ['--disable-gpu']),
    ...(existsSync('/dev/shm') && sharedMemoryBytes() >= smallSharedMemory ? [] : ['--disable-dev-shm-usage']),
  ]
}

/** See there. */
export const waitForDriver = fileURLToPath(new URL('wait-for-driver.cjs', import.meta.url))

/** Chromium refuses to run its sandbox as root. */
export const rootSwitches = () => (process.getuid?.() === 0 ? ['--no-sandbox'] : [])

/**
 * How any driver launches the built application.
 * @param {{ executable: string }} electron
 * @returns {{ executablePath: string, args: string[] }}
 */
export const launchOptions = (electron) => ({
  executablePath: electron.executable,
  args: [...rootSwitches(), ...machineSwitches(), '-r', waitForDriver, root],
})
