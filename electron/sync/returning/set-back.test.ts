import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MessageId } from '../../../shared/domain/ids.ts'
import { unwrap, wrap } from '../../crypto/mls/state.ts'
import type { WireObject } from '../../ports/wire.ts'
import { bring, lastObject, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { makeReturningWorld, meet, offerOf, returnBy } from '../../testing/returning/returning-world.ts'
import type { ReturningWorld } from '../../testing/returning/returning-world.ts'
import { tempDir } from '../../testing/temp-dir.ts'
import { receiveObject, receiveObjects } from '../group/receive/receive-objects.ts'
import { isAstray } from './astray.ts'

/** A whole folder was set back, as by a virtual machine's snapshot: nothing on this device can tell, and only others know better. */
let folder: ReturnType<typeof tempDir>
let world: ReturningWorld
let ann: Device
let bob: Device
beforeEach(async () => {
  folder = tempDir()
  world = await makeReturningWorld('set back', folder.dir)
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob')
  await meet(world, ann, bob)
  await ann.send('before')
  await meet(world, ann, bob)
})
afterEach(() => {
  for (const device of [ann, bob]) world.storeOf(device).close()
  folder.remove()
})

/** What happens on Ann's device is taken back, and nobody marks it. */
async function setBackAfter(lost: () => Promise<unknown>): Promise<void> {
  const copy = world.copy(ann)
  await lost()
  await meet(world, ann, bob)
  world.storeOf(ann).rewind(copy)
  ann.restart()
}
const isReturning = () => [ann.group.tip.row.returning, ann.store.groups.get(SPACE)?.returning]
const marked = [true, true]
const unmarked = [false, false]

describe('a device that was set back and is shown what it sent since', () => {
  it('sends no more with these keys, takes what it lost, and comes back with a fresh leaf', async () => {
    await setBackAfter(async () => {
      for (const text of ['one', 'two', 'three']) await ann.send(text)
    })
    expect(isReturning()).toEqual(unmarked)
    ann.events.length = 0
    await meet(world, bob, ann)
    expect(isReturning()).toEqual(marked)
    expect(ann.events.filter((event) => event === 'outdated')).toHaveLength(1)
    await expect(ann.send('with a used key')).rejects.toMatchObject({ code: 'returning' })
    ann.restart()
    await expect(ann.send('with a used key')).rejects.toMatchObject({ code: 'returning' })
    await returnBy(ann, bob)
    await ann.send('back')
    await bob.send('welcome')
    await meet(world, ann, bob)
    for (const device of [ann, bob]) expect(device.texts().toSorted()).toEqual(['back', 'before', 'one', 'three', 'two', 'welcome'])
    expect(isReturning()).toEqual(unmarked)
  })

  it('learns it from a commit as well, and follows the group again', async () => {
    await setBackAfter(() => ann.addChannel('films'))
    await meet(world, bob, ann)
    expect(isReturning()).toEqual(marked)
    await returnBy(ann, bob)
    await ann.send('back')
    await meet(world, ann, bob)
    expect(bob.texts()).toEqual(['before', 'back'])
    expect(ann.group.tip.row).toMatchObject({ tip: bob.group.tip.row.tip, returning: false })
  })

  it('learns it though it wrote something meanwhile, once what it lost goes beyond that', async () => {
    await setBackAfter(async () => {
      for (const text of ['one', 'two']) await ann.send(text)
    })
    await ann.send('under the key of "one"')
    await bring(bob, ann)
    expect(isReturning()).toEqual(marked)
  })

  it('neither acknowledges nor tells of what it could not store, and learns it the next time', async () => {
    await setBackAfter(() => ann.send('lost'))
    ann.events.length = 0
    ann.store.failNext()
    await expect(receiveObject(ann.group, lastObject(bob))).rejects.toThrow('disk is full')
    expect([isReturning(), ann.events]).toEqual([unmarked, []])
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('later')
    expect(isReturning()).toEqual(marked)
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('stored')
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('stored')
    expect(ann.events.filter((event) => event === 'outdated')).toHaveLength(1)
  })

  it('refuses what is being written at that moment', async () => {
    await setBackAfter(() => ann.send('lost'))
    const shown = receiveObject(ann.group, lastObject(bob))
    await expect(ann.send('with a used key')).rejects.toMatchObject({ code: 'returning' })
    expect(await shown).toBe('later')
  })

  it('stores nothing that was being written in one space when another shows it, and goes on reading there', async () => {
    const { engine } = world
    const { encrypt, commit, receive } = engine
    const marking = <A extends unknown[], R>(work: (...args: A) => R) => {
      return (...args: A): R => {
        ann.group.markReturning()
        return work(...args)
      }
    }
    vi.spyOn(engine, 'encrypt').mockImplementationOnce(marking(encrypt))
    await expect(ann.send('with a used key')).rejects.toMatchObject({ code: 'returning' })
    ann.restart()
    vi.spyOn(engine, 'commit').mockImplementationOnce(marking(commit))
    await expect(ann.addChannel('films')).rejects.toMatchObject({ code: 'returning' })
    ann.restart()
    expect([ann.texts(), isReturning()]).toEqual([['before'], unmarked])
    await bob.send('from bob')
    vi.spyOn(engine, 'receive').mockImplementationOnce(marking(receive))
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('stored')
    expect(isReturning()).toEqual(marked)
  })

  it('uses no offer to return that it finds: it may have been taken since', async () => {
    await setBackAfter(() => ann.send('lost'))
    const offer = await offerOf(ann)
    await bring(bob, ann)
    expect((await offerOf(ann)).request).not.toEqual(offer.request)
  })

  it('takes everything it holds for as old: one database is behind all of its groups', async () => {
    await setBackAfter(() => ann.send('lost'))
    const other = 'b0'.repeat(16) as typeof SPACE
    ann.store.transaction((tx) => {
      tx.groups.put({ ...ann.group.tip.row, groupId: other })
      tx.settings.set(`astray/${other}`, new Uint8Array())
    })
    await bring(bob, ann)
    expect(ann.store.groups.get(other)?.returning).toBe(true)
    // Or it would count on from there once it comes back, over what it sent since.
    expect(isAstray(ann.store, other)).toBe(false)
  })
})

describe('a device that was not', () => {
  /** Its own words, signed by it and encrypted once more under a key it has not used: any member can make this of what it heard. */
  async function encryptedAnew(messageId: MessageId, times: number) {
    const content = ann.store.messages.get(messageId)?.content ?? new Uint8Array()
    let { state } = ann.group.tip
    let bytes: Uint8Array = new Uint8Array()
    for (let n = 0; n < times; n++) ({ state, message: bytes } = await world.engine.encrypt(state, content, new Uint8Array()))
    return { eid: ann.group.tip.row.tip, bytes }
  }

  it('is not made to believe it by its own words under another key, kept, deleted or alone', async () => {
    const messageId = await ann.send('mine')
    expect(await receiveObject(ann.group, await encryptedAnew(messageId, 1))).toBe('rejected')
    const again = await encryptedAnew(messageId, 3)
    const objects = [again, again, lastObject(ann), again, again, again]
    expect(await receiveObjects(ann.group, objects)).toEqual(['rejected', 'rejected', 'stored', 'rejected', 'rejected', 'rejected'])
    ann.store.transaction((tx) => tx.messages.deleteForMe(messageId))
    expect(await receiveObject(ann.group, again)).toBe('rejected')
    expect(isReturning()).toEqual(unmarked)
    await ann.send('and goes on')
    await meet(world, ann, bob)
    expect(bob.texts()).toEqual(['before', 'mine', 'and goes on'])
  })

  it('nor by what it did not sign', async () => {
    const { engine } = world
    await setBackAfter(() => ann.send('lost'))
    const content = bob.store.messages.ofObject(lastObject(bob).objectId)?.content ?? new Uint8Array()
    const { state } = ann.group.tip
    // Everything but the signature: as a member makes it who knows the keys that Ann will use.
    const forger = wrap({ ...unwrap(state), signaturePrivateKey: unwrap(bob.group.tip.state).signaturePrivateKey })
    const made = async (by: typeof state): Promise<WireObject[]> => {
      const committed = await engine.commit(by, { authenticatedData: new Uint8Array() })
      if (!committed.ok) throw new Error('anybody can make it')
      const { message } = await engine.encrypt(by, content, new Uint8Array())
      return [message, committed.value.commit].map((bytes) => ({ eid: ann.group.tip.row.tip, bytes }))
    }
    for (const object of await made(forger)) expect(await receiveObject(ann.group, object)).toBe('rejected')
    const [first, second] = await made(forger)
    if (first === undefined || second === undefined) throw new Error('two were made')
    expect(new Set(await receiveObjects(ann.group, [first, second, first, second, first]))).toEqual(new Set(['rejected']))
    expect(isReturning()).toEqual(unmarked)
    for (const object of await made(state)) expect(await receiveObject(ann.group, object)).not.toBe('rejected')
  })

  it('nor by its own objects, brought back after their ciphertext was dropped, or of an epoch it left', async () => {
    await ann.send('mine')
    await ann.addChannel('films')
    await meet(world, ann, bob)
    const far = world.clock.now() + 1
    ann.store.transaction((tx) => tx.objects.prune(far, far))
    const acks = await bring(bob, ann)
    expect(new Set(acks)).toEqual(new Set(['stored']))
    expect(isReturning()).toEqual(unmarked)
  })
})
