import { readFile, readdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** Handed down to everything we start, so that a process that left its group and lost its parent is still known as ours. */
const marker = 'SPACEPANDA_RUN_ID'
process.env[marker] = `${process.pid}-${process.hrtime.bigint()}`

/** How long a process has to end by itself before it is ended. */
const politeMs = 2_000

/** @returns {Promise<number[]>} processes that carry our marker, without ourselves */
const marked = async () => {
  const wanted = `${marker}=${process.env[marker]}`
  const found = []
  for (const name of await readdir('/proc')) {
    const pid = Number(name)
    if (!(pid > 0) || pid === process.pid) continue
    // Gone in the meantime, or another user's and not to be read: not ours.
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '')
    if (environment.split('\0').includes(wanted)) found.push(pid)
  }
  return found
}

/** @param {readonly number[]} pids @param {NodeJS.Signals} signal */
const signalAll = (pids, signal) => {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error
    }
  }
}

/**
 * Ends what tests left running, whoever it runs as.
 * @returns {Promise<number>} how many there were
 */
export const stopDescendants = async () => {
  // The bundler's own process is one of them. Told to stop it is started again when it is needed; ended, it never is.
  await (await import('esbuild')).stop()
  if (process.platform !== 'linux') return 0
  const first = await marked()
  signalAll(first, 'SIGTERM')
  for (let waited = 0; waited < politeMs && (await marked()).length > 0; waited += 100) await sleep(100)
  signalAll(await marked(), 'SIGKILL')
  return first.length
}
