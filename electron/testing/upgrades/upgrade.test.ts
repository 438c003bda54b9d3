import { cpSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fromVersion1 } from '../../crypto/mls/index.ts'
import { type Clock, systemClock } from '../../kernel/clock.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import { unwatched } from '../../kernel/work.ts'
import { checkContent } from '../../storage/integrity/check-content.ts'
import { unlock } from '../../storage/key-file/key-file.ts'
import { migrate, schemaVersion } from '../../storage/migrations/migrate.ts'
import { migrations } from '../../storage/migrations/migrations.ts'
import { openStore } from '../../storage/open-store.ts'
import { listSnapshots } from '../../storage/snapshots/snapshots.ts'
import { openDatabase } from '../../storage/sqlite/open-database.ts'
import { PASSPHRASE, generalOf, hears, reaches, restart, say, startNode, textsOf, until } from '../story/test-node.ts'
import type { TestNode } from '../story/test-node.ts'
import { tempDir } from '../temp-dir.ts'

const FIXTURES = join(import.meta.dirname, 'fixtures')
const BEFORE = ['one', 'two', 'three', 'four', 'five 五 été']

const schemas = readdirSync(FIXTURES)
  .map((name) => Number(/^schema-(\d+)$/.exec(name)?.[1]))
  .sort((a, b) => a - b)

let folder: ReturnType<typeof tempDir>
const running = new Set<TestNode>()
beforeEach(() => {
  folder = tempDir()
})
afterEach(async () => {
  await Promise.all([...running].map((node) => node.stop()))
  running.clear()
  folder.remove()
})

/** A copy of the profile that a program of that schema left. */
function profileOf(name: string, schema: number): string {
  const dir = join(mkdtempSync(join(folder.dir, 'upgrade-')), name)
  cpSync(join(FIXTURES, `schema-${schema}`, name), dir, { recursive: true })
  return dir
}

const keyOf = (dir: string): Promise<Redacted<Uint8Array>> => unlock(dir, { passphrase: PASSPHRASE, vault: null })

/** As if it had been left a minute ago: what is old enough to be thrown away must not depend on when this test runs. */
function clockOf(schema: number): Clock {
  const ahead = systemClock.now() - 60_000 - Number(readFileSync(join(FIXTURES, `schema-${schema}`, 'made-at'), 'utf8'))
  return { now: () => systemClock.now() - ahead, after: (ms, fn) => systemClock.after(ms, fn) }
}

async function open(dir: string, clock: Clock): Promise<TestNode> {
  const node = await startNode(dir, clock)
  running.add(node)
  await node.api['profile.unlock']({ passphrase: PASSPHRASE })
  return node
}

/** In the private channel and the conversation that came with schema 6; in new ones where there were none. */
async function talkAside(alice: TestNode, bob: TestNode): Promise<void> {
  const spaceOf = async (node: TestNode) => (await node.api['spaces.list']({}))[0]
  const spaceId = (await spaceOf(alice))?.spaceId ?? ('' as never)
  const memberId = (await alice.api['members.list']({ spaceId })).find(({ self }) => !self)?.memberId ?? ('' as never)
  const known = (await spaceOf(alice))?.channels.find(({ kind }) => kind === 'private')
  const plans = known ?? (await alice.api['channels.create']({ spaceId, name: 'plans', kind: 'private', members: [memberId] }))
  const direct = await alice.api['channels.direct']({ spaceId, memberId })
  for (const { channelId } of [plans, direct]) {
    await reaches(alice, await alice.api['messages.send']({ channelId, text: 'aside', replyTo: null }), 'delivered')
    const page = { channelId, limit: 10, before: null, after: null, around: null }
    expect((await bob.api['messages.page'](page)).messages.map(({ text }) => text)).toContain('aside')
  }
}

it('there is a profile of the first schema and of the newest', () => {
  expect(schemas[0]).toBe(1)
  expect(schemas.at(-1)).toBe(migrations.length)
})

describe.each(schemas)('a profile of schema %i', { timeout: 90_000 }, (schema) => {
  it('is of that schema', async () => {
    const dir = profileOf('alice', schema)
    const database = openDatabase(join(dir, 'profile.db'), await keyOf(dir))
    expect(schemaVersion(database)).toBe(schema)
    database.close()
  })

  it('is brought to the newest a step at a time, and is whole after each', async () => {
    for (const name of ['alice', 'bob']) {
      const dir = profileOf(name, schema)
      const database = openDatabase(join(dir, 'profile.db'), await keyOf(dir))
      const texts = () => database.prepare('SELECT text FROM messages ORDER BY id').all()
      const before = texts()
      expect(before.length).toBeGreaterThan(4)
      for (let version = schema; version < migrations.length; version++) {
        expect(migrate(database, migrations.slice(0, version + 1), undefined, { convert: fromVersion1 })).toBe(version)
        expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
        expect(database.pragma('foreign_key_check')).toEqual([])
        expect(texts()).toEqual(before)
      }
      database.close()
    }
  })

  it('is brought to the newest in one start, after a snapshot; no rule of its content is broken', async () => {
    const dir = profileOf('bob', schema)
    const store = openStore({ file: join(dir, 'profile.db'), key: await keyOf(dir), convert: fromVersion1 })
    expect(store.migratedFrom).toBe(schema === migrations.length ? null : schema)
    expect(listSnapshots(dir).map(({ reason }) => reason)).toEqual(schema === migrations.length ? [] : ['migration'])
    expect(await checkContent(store, unwatched)).toEqual({})
    expect(store.joins.list().map(({ state }) => state.kind)).toContain('waiting')
    expect(store.groups.list().map(({ returning }) => returning)).toEqual(Array<boolean>(schema < 6 ? 1 : 3).fill(false))
    store.close()
  })

  it('goes on: what was said is there, what was owed arrives, both talk, restart and talk again', async () => {
    const clock = clockOf(schema)
    let alice = await open(profileOf('alice', schema), clock)
    let bob = await open(profileOf('bob', schema), clock)
    expect(await textsOf(alice)).toEqual([...BEFORE, 'six, for later'])
    expect((await textsOf(bob)).slice(0, 5)).toEqual(BEFORE)
    expect((await bob.api['joins.list']({})).map(({ spaceName }) => spaceName)).toContain('Elsewhere')
    await hears(bob, 'six, for later')
    await reaches(bob, await say(bob, 'seven'), 'delivered')
    await reaches(alice, await say(alice, 'eight'), 'delivered')
    await alice.api['channels.create']({
      spaceId: (await alice.api['spaces.list']({}))[0]?.spaceId ?? ('' as never),
      name: 'new',
      kind: 'open',
    })
    await until(bob, 'a third channel', async () =>
      (await bob.api['spaces.list']({}))[0]?.channels.some(({ name }) => name === 'new') ? true : null,
    )
    for (const node of [alice, bob]) running.delete(node)
    alice = await restart(alice, clock)
    bob = await restart(bob, clock)
    for (const node of [alice, bob]) running.add(node)
    await reaches(alice, await say(alice, 'nine'), 'delivered')
    expect(await textsOf(bob)).toEqual([...BEFORE, 'six, for later', 'seven', 'eight', 'nine'])
    await talkAside(alice, bob)
  })

  it('is searched, old messages included', async () => {
    const bob = await open(profileOf('bob', schema), clockOf(schema))
    await generalOf(bob)
    const find = async (text: string) =>
      (await bob.api['messages.search']({ text, spaceId: null, channelId: null, order: 'newest', limit: 5, before: null })).hits
    await until(bob, 'the index', async () => ((await find('ete')).length === 1 ? true : null))
    expect((await find('五'))[0]?.message.text).toBe('five 五 été')
  })

  it('is found in order by the doctor', async () => {
    const alice = await open(profileOf('alice', schema), clockOf(schema))
    const { taskId } = await alice.api['doctor.run']({ passphrase: null, recoveryPhrase: null, repair: false })
    const result = await until(alice, 'the check', async () => {
      const task = (await alice.api['tasks.list']({})).find((one) => one.taskId === taskId)
      return task?.state.kind === 'done' && task.state.result.kind === 'check' ? task.state.result : null
    })
    expect(result.checks.filter(({ ok }) => !ok)).toEqual([])
  })
})

it('a profile of a later schema is refused in words, and is left as it is', async () => {
  const dir = profileOf('alice', 1)
  const key = await keyOf(dir)
  const file = join(dir, 'profile.db')
  const later = { version: migrations.length + 1, up: () => undefined }
  openStore({ file, key, steps: [...migrations, later], convert: fromVersion1 }).close()
  const before = readFileSync(file)
  const node = await startNode(dir)
  running.add(node)
  await expect(node.api['profile.unlock']({ passphrase: PASSPHRASE })).rejects.toMatchObject({
    code: 'newer-profile',
    message: expect.stringContaining('newer') as unknown,
  })
  const { taskId } = await node.api['doctor.run']({ passphrase: PASSPHRASE, recoveryPhrase: null, repair: true })
  const state = await until(node, 'the end of the repair', async () => {
    const task = (await node.api['tasks.list']({})).find((one) => one.taskId === taskId)
    return task?.state.kind === 'failed' ? task.state : null
  })
  expect(state).toMatchObject({ code: 'newer-profile', message: expect.stringContaining('newer') as unknown })
  expect(readFileSync(file).equals(before)).toBe(true)
})
