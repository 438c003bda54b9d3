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

/** Bob has a removal that Ann made, who is gone. It lies under the key that Dave knows, and can fill the tag of; what follows under another. */
async function afterRemoval() {
  const world = await makeWorld('mailbox writer')
  const ann = await world.found('Ann')
  const bob = await world.join(ann, 'Bob')
  const dave = await world.join(ann, 'Dave')
  await bring(ann, bob)
  await removeMember(ann.group, dave.group.self)
  await bring(ann, bob)
  const removal = lastObject(bob).objectId
  const puts: { tag: string; objects: number }[] = []
  const line = (isFull: (puts: number) => boolean): MailboxLine => {
    const put = async ({ tag, objects }: MailboxPut) => {
      puts.push({ tag: toHex(tag), objects: objects.length })
      if (isFull(puts.length)) return 'tag-full'
      const storedAt = world.clock.now()
      const kept = objects.map((object) => ({ tag, hash: sealedHash(object), storedAt, keptUntil: storedAt + 30 * 24 * 3_600_000 }))
      return { receipts: kept.map((one) => ({ ...one, signature: ed25519Sign(seed, receiptStatement(one)) })) }
    }
    return { peerId: PEER, key: ed25519PublicKey(seed), put, lied: () => expect.unreachable() } as unknown as MailboxLine
  }
  const write = (isFull: (puts: number) => boolean) =>
    putMissing(bob.group, { line: line(isFull), keys: new EpochKeys(), around: nobody, lies: () => false })
  return { bob, removal, puts, write }
}

it('what of others has no room under its tag keeps nothing of ours waiting', async () => {
  const { bob, puts, write } = await afterRemoval()
  await bob.send('hello')
  expect(await write((n) => n === 1)).toBe('all')
  expect(new Set(puts.map(({ tag }) => tag)).size).toBe(2)
  expect(receiptsOf(bob.store, lastObject(bob).objectId)).toHaveLength(1)
})

it('what leads to ours goes before it, also where something else of ours lies under the same key as ours', async () => {
  const { bob, removal, puts, write } = await afterRemoval()
  await bob.group.acknowledge()
  await bob.send('hello')
  expect(await write(() => false)).toBe('all')
  expect(receiptsOf(bob.store, removal)).toHaveLength(1)
  const [acknowledgement, leading, message] = puts
  expect([acknowledgement?.objects, message?.objects, puts.length]).toEqual([1, 1, 3])
  expect(acknowledgement?.tag).toBe(message?.tag)
  expect(leading?.tag).not.toBe(message?.tag)
})
