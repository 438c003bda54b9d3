/**
 * Argument: a folder that is not there yet. Makes two profiles of the newest schema in it, for `upgrade.test.ts` to open for ever after:
 * run it once when a schema has landed, and commit what it made as `fixtures/schema-N`.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../kernel/clock.ts'
import { hears, joinBy, newcomer, reaches, say, until } from '../story/test-node.ts'

const [target = ''] = process.argv.slice(2)
const root = mkdtempSync(join(tmpdir(), 'spacepanda-fixture-'))
const [alice, bob, carol] = [await newcomer(root, 'alice'), await newcomer(root, 'bob'), await newcomer(root, 'carol')]

const space = await alice.api['spaces.create']({ name: 'Garden' })
await joinBy(alice, space, bob)
await alice.api['channels.create']({ spaceId: space.spaceId, name: 'tools', kind: 'open' })
await until(bob, 'a second channel', async () => ((await bob.api['spaces.list']({}))[0]?.channels.length === 2 ? true : null))
for (const text of ['one', 'two', 'three']) await reaches(alice, await say(alice, text), 'delivered')
for (const text of ['four', 'five 五 été']) {
  await reaches(bob, await say(bob, text), 'delivered')
  await hears(alice, text)
}

// A private channel that only these two know of, and a conversation of theirs.
const { memberId } = (await alice.api['members.list']({ spaceId: space.spaceId })).find(({ self }) => !self) ?? { memberId: '' as never }
const { channelId } = await alice.api['channels.create']({ spaceId: space.spaceId, name: 'plans', kind: 'private', members: [memberId] })
const { channelId: direct } = await alice.api['channels.direct']({ spaceId: space.spaceId, memberId })
await until(bob, 'two more channels', async () => ((await bob.api['spaces.list']({}))[0]?.channels.length === 4 ? true : null))
for (const [where, text] of [
  [channelId, 'a surprise'],
  [direct, 'psst'],
] as const)
  await reaches(alice, await alice.api['messages.send']({ channelId: where, text, replyTo: null }), 'delivered')

// A join that is under way: who would let Bob in is gone.
const { spaceId } = await carol.api['spaces.create']({ name: 'Elsewhere' })
const { link } = await carol.api['invitations.create']({ spaceId, role: 'member', maxUses: null, expiresInMs: 30 * 86_400_000 })
await carol.stop()
const { joinId } = await bob.api['joins.start']({ link: link ?? '' })
await until(bob, 'a join that waits', async () => {
  const join = (await bob.api['joins.list']({})).find((one) => one.joinId === joinId)
  return join?.state.kind === 'waiting' ? true : null
})

// Messages that are owed, in both directions.
await bob.stop()
await say(alice, 'six, for later')
await alice.stop()

mkdirSync(target)
writeFileSync(join(target, 'made-at'), `${systemClock.now()}\n`)
for (const name of ['alice', 'bob']) {
  mkdirSync(join(target, name))
  for (const file of ['profile.json', 'profile.db']) renameSync(join(root, name, file), join(target, name, file))
}
rmSync(root, { recursive: true })
