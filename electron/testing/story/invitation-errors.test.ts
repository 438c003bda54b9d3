import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Invitation, Space } from '../../../shared/domain/models.ts'
import { systemClock } from '../../kernel/clock.ts'
import type { Clock } from '../../kernel/clock.ts'
import { encodeLink, parseLink } from '../../sync/invitations/link.ts'
import type { InvitationLink } from '../../sync/invitations/link.ts'
import { tempDir } from '../temp-dir.ts'
import { endOfJoin, joinBy, newcomer, restart, startNode, until } from './test-node.ts'
import type { TestNode } from './test-node.ts'

const HOUR = 3_600_000
const ahead = (ms: number): Clock => ({ now: () => systemClock.now() + ms, after: (delay, fn) => systemClock.after(delay, fn) })

function altered(link: string, change: (link: InvitationLink) => InvitationLink): string {
  const parsed = parseLink(link)
  if (parsed === null) throw new Error('the link is whole')
  return encodeLink(change(parsed))
}

/** Each way in which an invitation does not let somebody in, between real nodes. */
describe('an invitation', { timeout: 60_000 }, () => {
  let folder: ReturnType<typeof tempDir>
  let alice: TestNode
  let bob: TestNode
  let space: Space
  const others: TestNode[] = []

  beforeEach(async () => {
    folder = tempDir()
    alice = await newcomer(folder.dir, 'Alice')
    bob = await newcomer(folder.dir, 'Bob')
    space = await alice.api['spaces.create']({ name: 'Friends' })
  })
  afterEach(async () => {
    await Promise.all([alice, bob, ...others.splice(0)].map((node) => node.stop()))
    folder.remove()
  })

  const invite = async (wish: { maxUses?: number; expiresInMs?: number } = {}): Promise<Invitation & { link: string }> => {
    const made = await alice.api['invitations.create']({
      spaceId: space.spaceId,
      role: 'member',
      maxUses: null,
      expiresInMs: HOUR,
      ...wish,
    })
    if (made.link === null) throw new Error('its maker has the link')
    return { ...made, link: made.link }
  }
  const ending = async (link: string) => (await endOfJoin(bob, await bob.api['joins.start']({ link }))).state
  const nothingJoined = async () => {
    expect(await bob.api['spaces.list']({})).toEqual([])
    expect(await alice.api['members.list']({ spaceId: space.spaceId })).toHaveLength(1)
  }

  it('that is no link is refused at once', async () => {
    for (const link of ['', 'hello', 'https://example.org', 'spacepanda:join/', 'spacepanda:join/AAAA']) {
      await expect(bob.api['joins.start']({ link })).rejects.toMatchObject({ code: 'invitation-malformed' })
    }
    expect(await bob.api['joins.list']({})).toEqual([])
  })

  it('whose secret was changed is refused by the one who is asked', async () => {
    const { link } = await invite()
    const forged = altered(link, (l) => ({ ...l, seed: new Uint8Array(32).fill(7) }))
    expect(await ending(forged)).toMatchObject({ kind: 'refused', code: 'invitation-malformed' })
    await nothingJoined()
  })

  it('that expired is refused at once, and by the inviter when the clock of the one who asks is wrong', async () => {
    const { link } = await invite({ expiresInMs: 60_000 })
    const late = await newcomer(folder.dir, 'Late', ahead(HOUR))
    others.push(late)
    await expect(late.api['joins.start']({ link })).rejects.toMatchObject({ code: 'invitation-expired' })
    alice = await restart(alice, ahead(HOUR))
    const wrong = altered(link, (l) => ({ ...l, expiresAt: l.expiresAt + 24 * HOUR }))
    expect(await ending(wrong)).toMatchObject({ kind: 'refused', code: 'invitation-expired' })
    await nothingJoined()
  })

  it('that was used as often as it allows is refused', async () => {
    const { link } = await invite({ maxUses: 1 })
    const first = await newcomer(folder.dir, 'First')
    others.push(first)
    expect((await endOfJoin(first, await first.api['joins.start']({ link }))).state.kind).toBe('done')
    expect(await ending(link)).toMatchObject({ kind: 'refused', code: 'invitation-used-up' })
    expect(await bob.api['spaces.list']({})).toEqual([])
  })

  it('that was revoked is refused', async () => {
    const { link, invitationId } = await invite()
    await alice.api['invitations.revoke']({ spaceId: space.spaceId, invitationId })
    expect(await ending(link)).toMatchObject({ kind: 'refused', code: 'invitation-revoked' })
    await nothingJoined()
  })

  it('to a space that nobody who answers is in is refused', async () => {
    const { link } = await invite()
    const elsewhere = altered(link, (l) => ({ ...l, groupId: 'ab'.repeat(16) as typeof l.groupId }))
    expect(await ending(elsewhere)).toMatchObject({ kind: 'refused', code: 'invitation-wrong-space' })
    await nothingJoined()
  })

  it('to a space one is in already is refused at once', async () => {
    await joinBy(alice, space, bob)
    const { link } = await invite()
    await expect(bob.api['joins.start']({ link })).rejects.toMatchObject({ code: 'already-member' })
  })

  it('whose maker is away waits, says so, survives a restart, and works once the maker is back', async () => {
    const { link } = await invite()
    await alice.stop()
    const started = await bob.api['joins.start']({ link })
    const state = await until(bob, 'waiting', async () => {
      const [join] = await bob.api['joins.list']({})
      return join?.state.kind === 'waiting' ? join.state : null
    })
    expect(state).toMatchObject({ code: 'unreachable', step: 'connecting' })
    bob = await restart(bob)
    alice = await restart(alice)
    await bob.api['joins.retry']({ joinId: started.joinId })
    expect((await endOfJoin(bob, started)).state.kind).toBe('done')
  })

  it('can be given up while it waits, and is not tried again after a restart', async () => {
    const { link } = await invite()
    await alice.stop()
    const started = await bob.api['joins.start']({ link })
    expect((await bob.api['joins.cancel']({ joinId: started.joinId })).state).toEqual({ kind: 'cancelled' })
    bob = await restart(bob)
    alice = await restart(alice)
    expect((await bob.api['joins.retry']({ joinId: started.joinId })).state).toEqual({ kind: 'cancelled' })
    await nothingJoined()
  })

  it('asked for twice at once is one join', async () => {
    const { link } = await invite()
    const [one, two] = await Promise.all([bob.api['joins.start']({ link }), bob.api['joins.start']({ link })])
    expect(two.joinId).toBe(one.joinId)
    expect((await endOfJoin(bob, one)).state.kind).toBe('done')
    expect(await alice.api['members.list']({ spaceId: space.spaceId })).toHaveLength(2)
  })

  it('used by two people at the same moment lets both in', async () => {
    const { link } = await invite()
    const carol = await newcomer(folder.dir, 'Carol')
    others.push(carol)
    const joins = await Promise.all([bob.api['joins.start']({ link }), carol.api['joins.start']({ link })])
    const [b, c] = await Promise.all([endOfJoin(bob, joins[0]), endOfJoin(carol, joins[1])])
    expect([b.state.kind, c.state.kind]).toEqual(['done', 'done'])
    await until(bob, 'three members', async () => ((await bob.api['members.list'](space)).length === 3 ? true : null))
  })
})

describe('a passphrase', { timeout: 60_000 }, () => {
  let folder: ReturnType<typeof tempDir>
  const running: TestNode[] = []
  const start = async (name: string) => {
    const node = await startNode(`${folder.dir}/${name}`)
    running.push(node)
    return node
  }

  beforeEach(() => {
    folder = tempDir()
  })
  afterEach(async () => {
    await Promise.all(running.splice(0).map((node) => node.stop()))
    folder.remove()
  })

  it('is demanded where no keyring protects the profile, and nothing is made without it', async () => {
    const node = await start('a')
    expect(await node.api['profile.status']({})).toEqual({ kind: 'none', passphraseRequired: true })
    await expect(node.api['profile.create']({ name: 'A', passphrase: null })).rejects.toMatchObject({ code: 'passphrase-required' })
    expect(await node.api['profile.status']({})).toEqual({ kind: 'none', passphraseRequired: true })
  })

  it('that is wrong opens nothing and changes nothing; the right one works afterwards', async () => {
    const first = await start('a')
    await first.api['profile.create']({ name: 'A', passphrase: 'the right passphrase' })
    await first.stop()
    const node = await start('a')
    expect(await node.api['profile.status']({})).toEqual({ kind: 'locked', passphrase: true, recovery: false, passphraseRequired: true })
    await expect(node.api['profile.unlock']({ passphrase: 'another passphrase' })).rejects.toMatchObject({ code: 'wrong-passphrase' })
    await expect(node.api['profile.unlock']({ passphrase: null })).rejects.toMatchObject({ code: 'passphrase-required' })
    await expect(node.api['spaces.list']({})).rejects.toMatchObject({ code: 'locked' })
    await expect(node.api['profile.create']({ name: 'B', passphrase: 'another passphrase' })).rejects.toMatchObject({
      code: 'profile-exists',
    })
    expect(await node.api['profile.unlock']({ passphrase: 'the right passphrase' })).toMatchObject({ name: 'A' })
  })
})
