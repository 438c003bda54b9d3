import { root } from '../setup/paths.mjs'
import { run } from '../setup/run.mjs'

/** @typedef {{ id: string, time: string, seconds: string, clean: boolean }} Commit time: ISO 8601; seconds: the same since the Unix epoch; clean: nothing was changed since */

/** The commit a package is made from, or null outside of a checkout. @returns {Promise<Commit | null>} */
export const readCommit = async () => {
  const told = await run('git', ['log', '-1', '--format=%H %ct'], { cwd: root })
  const [id, seconds] = told.stdout.trim().split(' ')
  if (told.status !== 0 || id === undefined || seconds === undefined) return null
  const changed = await run('git', ['status', '--porcelain'], { cwd: root })
  return { id, seconds, time: new Date(Number(seconds) * 1000).toISOString(), clean: changed.status === 0 && changed.stdout.trim() === '' }
}
