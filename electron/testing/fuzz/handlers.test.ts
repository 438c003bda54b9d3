import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MemberId } from '../../../shared/domain/ids.ts'
import { fromHex } from '../../kernel/bytes.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { handOverRpc } from '../../network/protocols/hand-over/hand-over-rpc.ts'
import { leaveRpc } from '../../network/protocols/leave/leave-rpc.ts'
import type { LeaveRequest } from '../../ports/wire.ts'
import { openStore } from '../../storage/open-store.ts'
import { encodeContent } from '../../sync/content/mimi-content.ts'
import { leafKeyOf } from '../../sync/returning/readmit.ts'
import { createMemoryStore } from '../fakes/memory-store.ts'
import { channelOf, groupOf, heard, inTime, joinBy, makeTown, say, selfOf } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'
import { fuzz } from './fuzz.ts'
import type { Subject } from './subject.ts'
import { handlerSubjects, overhear } from './subjects/handlers.ts'

const CASES = process.env['SPACEPANDA_NIGHTLY'] === '1' ? 200_000 : 20_000
const SUITE_MS = 600_000

/** All that a peer must not change by what it made up. Who has which message is each one's to say, and not in it. */
const stateOf = ({ store }: Resident, aside: MemberId | null) =>
  store.groups.list().map((group) => ({
    group,
    objects: store.objects.headsSince(group.groupId, 0, null, 10_000).map(({ objectId }) => objectId),
    senders: store.senders.list(group.groupId).flatMap(({ memberId, seq, ahead }) => (memberId === aside ? [] : [[memberId, seq, ahead]])),
    members: store.directory.members(group.groupId),
    channels: store.directory.channels(group.groupId).map((channel) => ({
      channel,
      messages: store.messages
        .page(channel.channelId, 200, null)
        .messages.flatMap(({ messageId, text, author }) => (author === aside ? [] : [[messageId, text, author]])),
    })),
  }))

const aContent = (resident: Resident): Uint8Array =>
  encodeContent({
    salt: new Uint8Array(16).fill(3),
    inReplyTo: null,
    topicId: fromHex(channelOf(resident)),
    extensions: { seq: 9, prev: null, lamport: 1_748_779_300_000, sentAt: 1_748_779_300_000 },
    text: 'said elsewhere',
  })

/** As if they wanted to go; they did not sign it. */
function forgedLeave(resident: Resident): LeaveRequest {
  const group = resident.messenger.group(groupOf(resident))
  const own = group.members().find(({ memberId }) => memberId === group.self)
  const leafKey = own === undefined ? null : leafKeyOf(group, own)
  if (leafKey === null) throw new Error('a member has a leaf')
  return { groupId: group.groupId, memberId: group.self, leafKey, signature: new Uint8Array(64).fill(9) }
}

describe('Whoever answers a peer, over a real database, asked by a member who means no good', { timeout: SUITE_MS }, () => {
  let root: string
  let town: Town
  let alice: Resident
  let bob: Resident
  let subjects: Subject[]

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'spacepanda-handlers-'))
    const storeOf = (name: string) => {
      if (name !== 'Alice') return createMemoryStore()
      const file = join(root, 'alice.db')
      writeFileSync(file, '')
      return openStore({ file, key: new Redacted(new Uint8Array(32).fill(7)) })
    }
    town = await makeTown('handlers', storeOf)
    alice = await town.arrive('Alice')
    bob = await town.arrive('Bob')
    const asked = overhear(alice, bob)
    const space = await alice.api['spaces.create']({ name: 'Friends' })
    const { spaceId } = space
    await alice.api['spaces.setHistory']({ spaceId, history: { kind: 'all' } })
    await say(alice, 'hello')
    await joinBy(alice, space, bob)
    await inTime(town, () => heard(bob), ['hello'])
    await say(bob, 'hello Alice')
    await bob.api['channels.create']({ spaceId, name: 'two', kind: 'private', members: [selfOf(alice)] })
    await inTime(town, () => alice.store.groups.list().length, 2)
    const carol = await town.arrive('Carol')
    await joinBy(alice, space, carol)
    await inTime(town, async () => (await bob.api['members.list']({ spaceId })).length, 3)
    await carol.api['spaces.leave']({ spaceId })
    await inTime(town, async () => (await bob.api['members.list']({ spaceId })).length, 2)
    await bob.api['spaces.repair']({ spaceId })
    await inTime(town, () => bob.store.groups.list().some(({ returning }) => returning), false)
    await say(bob, 'back')
    await inTime(town, () => heard(alice).at(-1), 'back')
    // Whoever follows a new epoch says so within half a minute: nothing that Alice does by herself may come later.
    let [last, unchanged] = ['', 0]
    const isQuiet = (): boolean => {
      const now = JSON.stringify(stateOf(alice, null))
      unchanged = now === last ? unchanged + 1 : 0
      last = now
      return unchanged > 90 && alice.store.groups.list().every(({ sentObject }) => sentObject !== null)
    }
    await inTime(town, isQuiet, true)
    asked.set(handOverRpc.id, [handOverRpc.encodeRequest({ groupId: groupOf(alice), contents: [aContent(alice)] })])
    // The one who left is gone by now: whoever claims to be somebody who is here has more to say.
    for (const one of [alice, bob]) asked.get(leaveRpc.id)?.push(leaveRpc.encodeRequest(forgedLeave(one)))
    subjects = handlerSubjects(town, asked, alice, bob, (aside) => stateOf(alice, aside))
  }, SUITE_MS)
  afterEach(async () => {
    await town.end()
    alice.store.close()
    rmSync(root, { recursive: true, force: true })
  })

  it.each(['hand-over', 'join', 'objects', 'frontier', 'return', 'leave', 'history', 'welcome', 'hints'])('%s', async (name) => {
    const subject = subjects.find((each) => each.name.includes(`/${name}/`))
    if (subject === undefined) throw new Error('each protocol has a handler')
    expect(subject.samples.length).toBeGreaterThan(0)
    // A fault of ours that is got over is one all the same.
    const faults = vi.spyOn(silentLogger, 'error')
    const { accepted, refused } = await fuzz(subject, { seed: 1, cases: CASES })
    // Most is stopped by who decodes it; the rest has to get here.
    expect(accepted).toBeGreaterThan(CASES / 200)
    expect(refused).toBeGreaterThan(CASES / 4)
    expect(faults.mock.calls.flat()).not.toContain('object-not-stored')
    faults.mockRestore()
    await say(bob, 'still here')
    await inTime(town, () => heard(alice).at(-1), 'still here')
    await say(alice, 'so am I')
    await inTime(town, () => heard(bob).at(-1), 'so am I')
  })
})
