import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Space } from '../../../shared/domain/models.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { openStore } from '../../storage/open-store.ts'
import { away, back, heard, inTime, selfOf } from '../fixtures/town.ts'
import type { Resident } from '../fixtures/town.ts'
import { leave, makeMailboxTown, settle, tipOf } from './mailbox-town.ts'
import type { MailboxTown } from './mailbox-town.ts'

const HOUR = 3_600_000

/** People who are never there at one time, with their databases on disk: all that goes between them goes by mailbox. */
describe('members who never meet', () => {
  let root: string
  let town: MailboxTown
  let alice: Resident
  let bob: Resident
  let carol: Resident
  let space: Space

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'spacepanda-never-together-'))
    const storeOf = (name: string) => {
      const file = join(root, `${name}.db`)
      writeFileSync(file, '')
      return openStore({ file, key: new Redacted(new Uint8Array(32).fill(7)) })
    }
    town = await makeMailboxTown('never together', 1, storeOf)
    ;[alice, bob, carol] = [await town.arrive('Alice'), await town.arrive('Bob'), await town.arrive('Carol')]
    space = await settle(town, alice, bob, carol)
    await away(town, alice, bob, carol)
  })
  afterEach(async () => {
    await town.end()
    for (const { store } of [alice, bob, carol]) store.close()
    rmSync(root, { recursive: true, force: true })
  })
  const rename = (by: Resident, name: string) => by.api['spaces.rename']({ spaceId: space.spaceId, name })
  const nameAt = async (who: Resident) => (await who.api['spaces.list']({})).find((one) => one.spaceId === space.spaceId)?.name
  const isRead = (who: Resident) => who.messenger.connection().mailboxes[0]?.lastFetchedAt != null
  /** Comes, does something, waits until it is in the mailbox, and goes. */
  const visit = async (who: Resident, does: () => Promise<unknown>) => {
    await back(town, who)
    await does()
    await away(town, who)
    town.clock.advance(HOUR)
  }

  it('talk, and change the space, one after another', async () => {
    await visit(alice, async () => {
      await rename(alice, 'Pen friends')
      await leave(town, alice, 'a')
    })
    await visit(bob, async () => {
      await inTime(town, () => heard(bob), ['a'])
      expect(await nameAt(bob)).toBe('Pen friends')
      await leave(town, bob, 'b')
    })
    await visit(carol, async () => {
      await inTime(town, () => heard(carol), ['a', 'b'])
      await leave(town, carol, 'c')
    })
    await visit(alice, () => inTime(town, () => heard(alice), ['a', 'b', 'c']))
    expect([bob, carol].map(tipOf)).toEqual([tipOf(alice), tipOf(alice)])
  })

  it('agree after two of them changed it from one epoch', async () => {
    const [mailbox] = town.mailboxes
    if (mailbox === undefined) throw new Error('a town has a mailbox')
    // Alice's line is down when she changes it, and up again only after Bob's change is there.
    await back(town, alice)
    mailbox.twist = () => null
    await rename(alice, 'Alice knows')
    await away(town, alice)
    mailbox.twist = (_, honest) => honest()
    await visit(bob, async () => {
      await inTime(town, () => isRead(bob), true)
      await bob.api['invitations.create']({ spaceId: space.spaceId, role: 'member', maxUses: null, expiresInMs: 7 * 24 * HOUR })
      await leave(town, bob, 'Bob was here')
    })
    await visit(alice, async () => {
      await inTime(town, () => heard(alice), ['Bob was here'])
      await alice.api['channels.create']({ spaceId: space.spaceId, name: 'music', kind: 'open' })
      await leave(town, alice, 'and Alice')
    })
    await visit(carol, () => inTime(town, () => heard(carol).sort(), ['Bob was here', 'and Alice']))
    await visit(bob, () => inTime(town, () => heard(bob).sort(), ['Bob was here', 'and Alice']))
    // Whoever lost does its change again, and the others come to hear of that.
    for (const who of [alice, bob, carol, alice, bob, carol]) {
      const leavesAt = town.clock.now() + 2 * 60_000
      await visit(who, () => inTime(town, () => town.clock.now() > leavesAt && isRead(who), true))
    }
    expect([tipOf(carol), tipOf(bob)]).toEqual([tipOf(alice), tipOf(alice)])
    for (const who of [alice, bob, carol]) expect(await nameAt(who)).toBe('Alice knows')
    expect((await carol.api['invitations.list']({ spaceId: space.spaceId })).length).toBeGreaterThan(0)
  })

  it('go on after one of them was removed while two were away', async () => {
    await visit(alice, async () => {
      await leave(town, alice, 'goodbye, Carol')
      await alice.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(carol) })
      await leave(town, alice, 'the two of us')
    })
    await visit(bob, async () => {
      await inTime(town, () => heard(bob), ['goodbye, Carol', 'the two of us'])
      await leave(town, bob, 'yes')
    })
    await visit(carol, () => inTime(town, () => heard(carol), ['goodbye, Carol']))
    await visit(alice, () => inTime(town, () => heard(alice).at(-1), 'yes'))
    expect(heard(carol)).toEqual(['goodbye, Carol'])
  })
})
