import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DoctorCheck, Task } from '../../../shared/domain/tasks.ts'
import { keepSnapshots } from '../../node/housekeeping/snapshot-job.ts'
import { systemClock } from '../../kernel/clock.ts'
import { fromVersion1 } from '../../crypto/mls/index.ts'
import { unwatched } from '../../kernel/work.ts'
import { unlock } from '../../storage/key-file/key-file.ts'
import { openStore } from '../../storage/open-store.ts'
import { flipPages } from '../../storage/test-support/damage.ts'
import { tempDir } from '../temp-dir.ts'
import { PASSPHRASE, hears, joinBy, newcomer, reaches, restart, say, startNode, textsOf, until } from './test-node.ts'
import type { TestNode } from './test-node.ts'

const typed = { passphrase: PASSPHRASE, recoveryPhrase: null }

async function ended(node: TestNode, started: Task): Promise<Task['state']> {
  return until(node, 'the end of a task', async () => {
    const task = (await node.api['tasks.list']({})).find(({ taskId }) => taskId === started.taskId)
    return task !== undefined && task.state.kind !== 'running' ? task.state : null
  })
}

async function doctor(node: TestNode, repair: boolean): Promise<DoctorCheck[]> {
  const state = await ended(node, await node.api['doctor.run']({ ...typed, repair }))
  if (state.kind !== 'done' || !('checks' in state.result)) throw new Error(`the doctor ended as ${state.kind}`)
  return state.result.checks
}

const failing = (checks: readonly DoctorCheck[]): string[] => checks.filter(({ ok }) => !ok).map(({ name }) => name)

async function takeSnapshotOf(dataDir: string): Promise<void> {
  const key = await unlock(dataDir, { passphrase: PASSPHRASE, vault: null })
  const store = openStore({ file: join(dataDir, 'profile.db'), key, convert: fromVersion1 })
  await keepSnapshots({ store, clock: systemClock }, unwatched)
  store.close()
}

/** Flips a bit in the first page of a table of a closed profile. */
async function damageTable(dataDir: string, table: string): Promise<void> {
  const file = join(dataDir, 'profile.db')
  const key = await unlock(dataDir, { passphrase: PASSPHRASE, vault: null })
  const store = openStore({ file, key, convert: fromVersion1 })
  const page = Number(store.inspect('SELECT rootpage FROM sqlite_schema WHERE name = ?', table)[0]?.['rootpage'])
  store.close()
  flipPages(file, [page])
}

describe('the doctor', { timeout: 90_000 }, () => {
  let folder: ReturnType<typeof tempDir>
  const running = new Set<TestNode>()
  const track = (node: TestNode): TestNode => {
    running.add(node)
    return node
  }
  const arrive = async (name: string) => track(await newcomer(folder.dir, name))

  beforeEach(() => {
    folder = tempDir()
  })
  afterEach(async () => {
    await Promise.all([...running].map((node) => node.stop()))
    running.clear()
    folder.remove()
  })

  it('finds nothing wrong with an open profile, nor with a locked one, and goes on', async () => {
    const alice = await arrive('Alice')
    await alice.api['spaces.create']({ name: 'Garden' })
    await say(alice, 'hello')
    expect(failing(await doctor(alice, false))).toEqual([])
    await alice.api['profile.lock']({})
    expect(failing(await doctor(alice, false))).toEqual([])
    expect(await alice.api['profile.status']({})).toMatchObject({ kind: 'locked' })
    await alice.api['profile.unlock']({ passphrase: PASSPHRASE })
    expect(await textsOf(alice)).toEqual(['hello'])
  })

  it('repairs an open profile that needs none, and opens it again', async () => {
    const alice = await arrive('Alice')
    await alice.api['spaces.create']({ name: 'Garden' })
    await say(alice, 'hello')
    const checks = await doctor(alice, true)
    expect(failing(checks)).toEqual([])
    expect(checks[0]).toMatchObject({ name: 'repair', detail: 'There was nothing to repair.' })
    await until(alice, 'the profile again', async () => ((await alice.api['profile.status']({})).kind === 'open' ? true : null))
    expect(await textsOf(alice)).toEqual(['hello'])
  })

  it('asks for what opens a locked profile', async () => {
    const alice = await arrive('Alice')
    await alice.api['profile.lock']({})
    const asked = await alice.api['doctor.run']({ passphrase: null, recoveryPhrase: null, repair: false })
    expect(await ended(alice, asked)).toMatchObject({ kind: 'failed', code: 'passphrase-required' })
    const wrong = await alice.api['doctor.run']({ passphrase: 'not this one', recoveryPhrase: null, repair: true })
    expect(await ended(alice, wrong)).toMatchObject({ kind: 'failed', code: 'wrong-passphrase' })
  })

  it('says so where there is no profile', async () => {
    const nobody = track(await startNode(join(folder.dir, 'empty')))
    await expect(nobody.api['doctor.run']({ ...typed, repair: true })).rejects.toMatchObject({ code: 'no-profile' })
    expect(existsSync(join(folder.dir, 'empty'))).toBe(false)
  })

  it('repairs a damaged profile from a snapshot; the others let it in again and bring what it lacks', async () => {
    const alice = await arrive('Alice')
    let bob = await arrive('Bob')
    await joinBy(alice, await alice.api['spaces.create']({ name: 'Garden' }), bob)
    await reaches(alice, await say(alice, 'before'), 'delivered')
    await hears(bob, 'before')
    await bob.stop()
    await takeSnapshotOf(bob.dataDir)
    bob = track(await restart(bob))
    await reaches(alice, await say(alice, 'since then'), 'delivered')
    await reaches(bob, await say(bob, 'from Bob'), 'delivered')
    await bob.stop()

    const file = join(bob.dataDir, 'profile.db')
    const bytes = readFileSync(file)
    bytes.fill(0, 100, 4000)
    writeFileSync(file, bytes)
    bob = track(await startNode(bob.dataDir))
    await expect(bob.api['profile.unlock']({ passphrase: PASSPHRASE })).rejects.toMatchObject({ code: 'unreadable' })
    expect(failing(await doctor(bob, false))).toEqual(['database'])
    expect(failing(await doctor(bob, true))).toEqual([])
    expect(readdirSync(bob.dataDir)).toContain('profile.db.damaged-1')

    await bob.api['profile.unlock']({ passphrase: PASSPHRASE })
    expect(await textsOf(bob)).toContain('before')
    await hears(bob, 'since then')
    await until(bob, 'a fresh leaf', async () => ((await bob.api['spaces.list']({}))[0]?.returning === false ? true : null))
    await reaches(bob, await say(bob, 'back again'), 'delivered')
    await hears(alice, 'back again')
    expect(await textsOf(alice)).toEqual(['before', 'since then', 'from Bob', 'back again'])
  })

  it('sends what nobody had yet when the profile was damaged', async () => {
    let alice = await arrive('Alice')
    let bob = await arrive('Bob')
    await joinBy(alice, await alice.api['spaces.create']({ name: 'Garden' }), bob)
    await reaches(alice, await say(alice, 'before'), 'delivered')
    await hears(bob, 'before')
    await bob.stop()
    await takeSnapshotOf(bob.dataDir)
    bob = track(await restart(bob))
    await alice.stop()
    const unsent = await say(bob, 'nobody has this yet')
    await bob.stop()

    await damageTable(bob.dataDir, 'peers')
    bob = track(await startNode(bob.dataDir))
    expect(failing(await doctor(bob, true))).toEqual([])
    await bob.api['profile.unlock']({ passphrase: PASSPHRASE })
    expect(await textsOf(bob)).toEqual(['before', 'nobody has this yet'])
    alice = track(await restart(alice))
    await hears(alice, 'nobody has this yet')
    await until(bob, 'a fresh leaf', async () => ((await bob.api['spaces.list']({}))[0]?.returning === false ? true : null))
    await reaches(bob, await say(bob, 'back again'), 'delivered')
    await reaches(bob, unsent, 'delivered')
  })

  it('never makes a new profile where one is lost', async () => {
    const alice = await arrive('Alice')
    await alice.api['spaces.create']({ name: 'Garden' })
    await alice.stop()
    rmSync(join(alice.dataDir, 'profile.db'))
    const again = track(await startNode(alice.dataDir))
    expect(failing(await doctor(again, false))).toEqual(['database'])
    const repair = await again.api['doctor.run']({ ...typed, repair: true })
    expect(await ended(again, repair)).toMatchObject({ kind: 'failed', code: 'unreadable' })
    await expect(again.api['profile.unlock']({ passphrase: PASSPHRASE })).rejects.toMatchObject({ code: 'unreadable' })
    expect(existsSync(join(alice.dataDir, 'profile.db'))).toBe(false)
  })
})
