import { SetupError } from '../setup/progress.mjs'
import { run } from '../setup/run.mjs'

const ownUser = 'spacepanda-e2e'

/** @param {string} name @returns {Promise<{ name: string, uid: number, gid: number } | undefined>} */
const find = async (name) => {
  const entry = (await run('getent', ['passwd', name])).stdout.trim().split(':')
  const [uid, gid] = [Number(entry[2]), Number(entry[3])]
  return uid > 0 && gid > 0 ? { name, uid, gid } : undefined
}

/**
 * Someone without privileges to run windows as when we are root: a system user of our own, made once, else `nobody`.
 */
export const provideOrdinaryUser = async () => {
  const existing = await find(ownUser)
  if (existing) return existing
  await run('useradd', [
    '--system',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
    '--user-group',
    ownUser,
  ])
  const user = (await find(ownUser)) ?? (await find('nobody'))
  if (!user)
    throw new SetupError('As root, the windows are tested as an ordinary user, and this system has none: neither useradd nor nobody.')
  return user
}
