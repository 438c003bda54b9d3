import { setImmediate as turn } from 'node:timers/promises'
import type { DoctorCheck } from '../../../shared/domain/tasks.ts'
import type { GroupEngine } from '../../crypto/mls/group-engine.ts'
import { AppError } from '../../kernel/errors.ts'
import { type Work, stopIfCancelled } from '../../kernel/work.ts'
import type { Store } from '../../ports/store.ts'
import { phases } from '../../storage/backup/phases.ts'
import { checkContent, contentRules } from '../../storage/integrity/check-content.ts'
import type { OpenStore } from '../../storage/open-store.ts'
import { readState } from '../../sync/group/epoch-store.ts'
import { decodeSettings } from '../../sync/policy/settings.ts'
import { bad, good } from './check-folder.ts'
import { contentWords } from './content-words.ts'
import { damageWords } from './damage-words.ts'

interface Deps {
  store: OpenStore
  engine: GroupEngine
}

/**
 * Looks at everything in an open database: every page, every tree, what rows say of each other, the keys of each space.
 * Where all of it is whole, what was noted of damage is forgotten. Throws `AppError('cancelled' | 'stopping')`.
 */
export async function checkDatabase({ store, engine }: Deps, work: Work): Promise<DoctorCheck[]> {
  const noted = store.damage.known.map((kind) => good(`noted-${kind}`, damageWords[kind]))
  const [pages = work, trees = work, content = work] = phases(work, [600, 300, 100])
  const checks = [await checkPages(store, pages), await checkTrees(store, trees), ...(await checkRows(store, content))]
  checks.push(await checkSpaces(store, engine, work))
  if (checks.every(({ ok }) => ok)) store.damage.nothingFound()
  return [...checks, ...noted]
}

async function checkPages({ file }: OpenStore, work: Work): Promise<DoctorCheck> {
  file.checkpoint()
  const { damaged } = await file.verifyPages(1, Number.MAX_SAFE_INTEGER, work)
  return damaged.length === 0
    ? good('pages', 'Every page of the database is as it was written.')
    : bad('pages', `${damaged.length} pages of the database are damaged. Repair the profile.`)
}

async function checkTrees({ file }: OpenStore, work: Work): Promise<DoctorCheck> {
  const faults = await file.quickCheck(work)
  const tables = faults.filter(({ kind }) => kind === 'table').length
  if (faults.length === 0) return good('structure', 'Tables and indexes are whole.')
  if (tables === 0) return bad('structure', `${faults.length} indexes are damaged. A repair makes them anew; nothing is lost.`)
  return bad('structure', `${tables} tables are damaged. A repair puts the newest snapshot in place and saves what can still be read.`)
}

async function checkRows(store: OpenStore, work: Work): Promise<DoctorCheck[]> {
  const faults = await checkContent(store, work)
  return contentRules.map((rule) => {
    const count = faults[rule] ?? 0
    return count === 0 ? good(rule, contentWords[rule].holds) : bad(rule, contentWords[rule].fails(count))
  })
}

async function checkSpaces(store: OpenStore, engine: GroupEngine, work: Work): Promise<DoctorCheck> {
  let closed = 0
  let returning = 0
  const groups = store.groups.list()
  for (const row of groups) {
    await turn()
    stopIfCancelled(work)
    if (row.returning) returning += 1
    if (!opens(store, engine, row)) closed += 1
  }
  if (closed > 0) return bad('spaces', `The keys of ${closed} of ${groups.length} spaces cannot be read. Their messages can.`)
  const waiting = returning === 0 ? '' : ` ${returning} of ${groups.length} wait for a member to let this device in again.`
  return good('spaces', `The keys of every space can be read.${waiting}`)
}

function opens(store: Store, engine: GroupEngine, { groupId, tip }: ReturnType<Store['groups']['list']>[number]): boolean {
  try {
    const stored = readState(store, engine, groupId, tip)
    return stored !== null && decodeSettings(engine.settings(stored.state)) !== null
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'unreadable') return false
    throw thrown
  }
}
