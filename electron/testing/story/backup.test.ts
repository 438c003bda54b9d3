import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Task, TaskResult } from '../../../shared/domain/tasks.ts'
import { tempDir } from '../temp-dir.ts'
import { PASSPHRASE, generalOf, hears, joinBy, newcomer, reaches, restart, say, startNode, textsOf, until } from './test-node.ts'
import type { TestNode } from './test-node.ts'

const typed = { passphrase: PASSPHRASE, recoveryPhrase: null }

/** What came of a task; throws what it failed with. */
async function outcome(node: TestNode, started: Promise<Task>): Promise<TaskResult> {
  const { taskId } = await started
  const { state } = await until(node, 'the end of a task', async () => {
    const task = (await node.api['tasks.list']({})).find((one) => one.taskId === taskId)
    return task === undefined || task.state.kind === 'running' ? null : task
  })
  if (state.kind === 'done') return state.result
  throw Object.assign(new Error(state.kind === 'failed' ? state.message : 'cancelled'), {
    code: state.kind === 'failed' ? state.code : 'cancelled',
  })
}

describe('a backup', () => {
  const { dir, remove } = tempDir()
  const nodes: TestNode[] = []
  const kept = <T extends TestNode>(node: T): T => {
    nodes.push(node)
    return node
  }
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
    remove()
  })

  it('brings everything until it was made into another folder, and others bring what came after', async () => {
    const ann = kept(await newcomer(dir, 'ann'))
    const bob = kept(await newcomer(dir, 'bob'))
    const space = await ann.api['spaces.create']({ name: 'Garden' })
    await joinBy(ann, space, bob)
    await say(bob, 'from bob, before')
    await hears(ann, 'from bob, before')
    await say(ann, 'from ann, before')
    await hears(bob, 'from ann, before')

    const file = join(dir, 'ann.spacepanda-backup')
    expect(await outcome(ann, ann.api['backup.create']({ file, passphrase: null }))).toEqual({
      ...{ kind: 'backup', file, bytes: statSync(file).size, spaces: 1, messages: 2 },
    })
    expect(await ann.api['backup.status']({})).toMatchObject({ last: { file }, problem: null, schedule: null, dataFolder: ann.dataDir })
    await say(ann, 'from ann, after')
    await hears(bob, 'from ann, after')
    const before = await ann.api['profile.status']({})
    await ann.stop()
    await say(bob, 'from bob, meanwhile')

    const again = kept(await startNode(join(dir, 'new computer')))
    expect(await outcome(again, again.api['backup.restore']({ file, ...typed }))).toEqual({ kind: 'restore', file, spaces: 1, messages: 2 })
    expect(await again.api['profile.status']({})).toMatchObject({ kind: 'locked', passphrase: true })
    const profile = await again.api['profile.unlock']({ passphrase: PASSPHRASE })
    if (before.kind !== 'open') throw new Error('she was there')
    expect(profile).toMatchObject({ profileId: before.profile.profileId, name: 'ann' })
    expect(profile.peerId).not.toBe(before.profile.peerId)
    expect((await textsOf(again)).slice(0, 2)).toEqual(['from bob, before', 'from ann, before'])
    for (const text of ['from ann, after', 'from bob, meanwhile']) await hears(again, text)
    await until(again, 'being let in again', async () => ((await again.api['spaces.list']({}))[0]?.returning === false ? true : null))
    const answer = await say(again, 'from ann, on the new computer')
    await hears(bob, 'from ann, on the new computer')
    await reaches(again, answer, 'delivered')
    await say(bob, 'welcome back')
    await hears(again, 'welcome back')
    const all = [
      'from bob, before',
      'from ann, before',
      'from ann, after',
      'from bob, meanwhile',
      'from ann, on the new computer',
      'welcome back',
    ]
    expect(await textsOf(again)).toEqual(all)
    expect(await textsOf(bob)).toEqual(all)
    const [seenByBob] = await bob.api['spaces.list']({})
    expect(seenByBob?.memberCount).toBe(2)
    await expect(outcome(again, again.api['backup.restore']({ file, ...typed }))).rejects.toMatchObject({ code: 'profile-exists' })
  }, 60_000)

  it('is refused in words where something is wrong with it, or with where it shall go', async () => {
    const ann = kept(await newcomer(dir, 'ann'))
    await ann.api['spaces.create']({ name: 'Garden' })
    const file = join(dir, 'ann.spacepanda-backup')
    await outcome(ann, ann.api['backup.create']({ file, passphrase: null }))
    await expect(outcome(ann, ann.api['backup.create']({ file, passphrase: null }))).rejects.toMatchObject({ code: 'conflict' })
    await expect(outcome(ann, ann.api['backup.create']({ file: `${file}2`, passphrase: 'another one' }))).rejects.toMatchObject({
      code: 'invalid',
    })
    await expect(ann.api['backup.create']({ file: 'relative', passphrase: null })).rejects.toMatchObject({ code: 'invalid' })
    expect(await outcome(ann, ann.api['backup.verify']({ file, passphrase: null, recoveryPhrase: null }))).toMatchObject({ spaces: 1 })
    await ann.stop()

    const away = kept(await startNode(join(dir, 'away')))
    expect(await outcome(away, away.api['backup.verify']({ file, ...typed }))).toMatchObject({
      kind: 'verify',
      file,
      spaces: 1,
      messages: 0,
    })
    const verify = (change: object) => outcome(away, away.api['backup.verify']({ file, ...typed, ...change }))
    await expect(verify({ passphrase: 'not that one' })).rejects.toMatchObject({ code: 'wrong-passphrase' })
    await expect(verify({ passphrase: null })).rejects.toMatchObject({ code: 'passphrase-required' })
    await expect(verify({ passphrase: null, recoveryPhrase: 'one two three' })).rejects.toMatchObject({ code: 'wrong-recovery-phrase' })
    await expect(verify({ file: join(dir, 'missing') })).rejects.toMatchObject({ code: 'not-found' })
    writeFileSync(file, readFileSync(file).subarray(0, -1))
    await expect(verify({})).rejects.toMatchObject({ code: 'unreadable' })
    await expect(outcome(away, away.api['backup.restore']({ file, ...typed }))).rejects.toMatchObject({ code: 'unreadable' })
    expect(existsSync(away.dataDir)).toBe(false)
    expect(await away.api['profile.status']({})).toMatchObject({ kind: 'none' })
  }, 60_000)

  it('is opened by the recovery phrase too', async () => {
    const ann = kept(await newcomer(dir, 'ann'))
    const { recoveryPhrase } = await ann.api['profile.makeRecoveryPhrase']({ current: PASSPHRASE })
    const file = join(dir, 'ann.spacepanda-backup')
    await outcome(ann, ann.api['backup.create']({ file, passphrase: null }))
    const away = kept(await startNode(join(dir, 'away')))
    await outcome(away, away.api['backup.restore']({ file, passphrase: null, recoveryPhrase }))
    expect(await away.api['profile.recover']({ recoveryPhrase, passphrase: 'a new passphrase' })).toMatchObject({ name: 'ann' })
  }, 60_000)

  it('is made by a schedule at once, and the schedule survives a restart', async () => {
    const ann = kept(await newcomer(dir, 'ann'))
    await ann.api['spaces.create']({ name: 'Garden' })
    await expect(ann.api['backup.setSchedule']({ schedule: { folder: join(dir, 'none'), everyDays: 7, keep: 2 } })).rejects.toMatchObject({
      code: 'not-found',
    })
    const schedule = { folder: dir, everyDays: 7, keep: 2 }
    expect(await ann.api['backup.setSchedule']({ schedule })).toMatchObject({ schedule, last: null })
    const last = await until(ann, 'a scheduled backup', async () => (await ann.api['backup.status']({})).last)
    expect(
      readdirSync(dir)
        .filter((name) => name.endsWith('.spacepanda-backup'))
        .map((name) => join(dir, name)),
    ).toEqual([last.file])
    const later = kept(await restart(ann))
    expect(await later.api['backup.status']({})).toMatchObject({ schedule, last })
    expect(await later.api['backup.setSchedule']({ schedule: null })).toMatchObject({ schedule: null, last })
  }, 60_000)
})

describe('an export', () => {
  const { dir, remove } = tempDir()
  afterEach(remove)

  it('holds what was said, and takes the place of nothing', async () => {
    const ann = await newcomer(dir, 'ann')
    await ann.api['spaces.create']({ name: 'Garden' })
    await say(ann, 'first')
    await say(ann, 'second')
    const channelId = await generalOf(ann)
    const file = join(dir, 'general.json')
    expect(await outcome(ann, ann.api['export.channel']({ channelId, format: 'json', file }))).toEqual({
      kind: 'export',
      file,
      messages: 2,
    })
    const exported = JSON.parse(readFileSync(file, 'utf8')) as { messages: { text: string }[] }
    expect(exported.messages.map(({ text }) => text)).toEqual(['first', 'second'])
    await expect(outcome(ann, ann.api['export.channel']({ channelId, format: 'html', file }))).rejects.toMatchObject({ code: 'conflict' })
    await expect(ann.api['export.channel']({ channelId: 'ab'.repeat(16) as never, format: 'html', file })).rejects.toMatchObject({
      code: 'not-found',
    })
    await ann.stop()
  }, 60_000)
})
