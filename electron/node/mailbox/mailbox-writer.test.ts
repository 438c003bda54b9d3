import { expect, it } from 'vitest'
import type { PeerId } from '../../../shared/domain/ids.ts'
import { ed25519PublicKey, ed25519Sign } from '../../identity/index.ts'
import type { MailboxPut } from '../../ports/mailbox.ts'
import { toHex } from '../../kernel/bytes.ts'
import { removeMember } from '../../sync/members/remove-member.ts'
import { EpochKeys } from '../../sync/mailbox/epoch-keys.ts'
import { dropPutNotes, receiptsOf, seenTo } from '../../sync/mailbox/put-notes.ts'
import { sealedHash } from '../../sync/mailbox/seal.ts'
import { receiptStatement } from '../../sync/mailbox/statements.ts'
import { bring, lastObject, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { MailboxLine } from './mailbox-line.ts'
import { putMissing } from './mailbox-writer.ts'

const seed = new Uint8Array(32).fill(7)
const PEER = `12D3KooW${'M'.repeat(44)}` as PeerId
const nobody = () => ({ connected: new Set<never>(), allHave: () => false })

it('a receipt for what is in no group here any more is not kept', async () => {
  const world = await makeWorld('mailbox writer')
  const ann = await world.found('Ann')
  await world.join(ann, 'Bob')
  await ann.send('hello')
  const put = async ({ tag, objects }: MailboxPut) => {
    ann.store.transaction((tx) => {
      while (tx.groups.forget(SPACE, 100)) continue
      dropPutNotes(tx, SPACE)
    })
    const storedAt = world.clock.now()
    const kept = objects.map((object) => ({ tag, hash: sealedHash(object), storedAt, keptUntil: storedAt + 30 * 24 * 3_600_000 }))
    return { receipts: kept.map((one) => ({ ...one, signature: ed25519Sign(seed, receiptStatement(one)) })) }
  }
  const line = { peerId: PEER, key: ed25519PublicKey(seed), put, lied: () => expect.unreachable() } as unknown as MailboxLine
  const objects = ann.store.objects.since(SPACE, 0, null, 100).map(({ objectId }) => objectId)
  await putMissing(ann.group, { line, keys: new EpochKeys(), around: nobody, lies: () => false })
  expect(objects.flatMap((objectId) => receiptsOf(ann.store, objectId))).toEqual([])
  expect(seenTo(ann.store, SPACE, PEER)).toBeNull()
})

it('what of others has no room under its tag keeps nothing of ours waiting', async () => {
  const world = await makeWorld('mailbox writer')
  const ann = await world.found('Ann')
  const bob = await world.join(ann, 'Bob')
  const dave = await world.join(ann, 'Dave')
  await bring(ann, bob)
  // The removal lies under the key that Dave knows, and can fill the tag of; what follows under another.
  await removeMember(ann.group, dave.group.self)
  await bring(ann, bob)
  await bob.send('hello')
  const tags: string[] = []
  const put = async ({ tag, objects }: MailboxPut) => {
    tags.push(toHex(tag))
    if (tags.length === 1) return 'tag-full'
    const storedAt = world.clock.now()
    const kept = objects.map((object) => ({ tag, hash: sealedHash(object), storedAt, keptUntil: storedAt + 30 * 24 * 3_600_000 }))
    return { receipts: kept.map((one) => ({ ...one, signature: ed25519Sign(seed, receiptStatement(one)) })) }
  }
  const line = { peerId: PEER, key: ed25519PublicKey(seed), put, lied: () => expect.unreachable() } as unknown as MailboxLine
  const written = await putMissing(bob.group, { line, keys: new EpochKeys(), around: nobody, lies: () => false })
  expect(written).toBe('all')
  expect(new Set(tags).size).toBe(2)
  expect(receiptsOf(bob.store, lastObject(bob).objectId)).toHaveLength(1)
})
