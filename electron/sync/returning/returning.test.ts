import type { PeerId } from '../../../shared/domain/ids.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toHex } from '../../kernel/bytes.ts'
import { bring, lastObject, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { ask, makeReturningWorld, meet, offerOf, PEER, returnBy } from '../../testing/returning/returning-world.ts'
import type { ReturningWorld } from '../../testing/returning/returning-world.ts'
import { tempDir } from '../../testing/temp-dir.ts'
import { commitChange } from '../group/change-group.ts'
import { receiveObject } from '../group/receive/receive-objects.ts'
import { withChannel } from '../policy/transitions.ts'
import { markAstray } from './astray.ts'
import { comeBack, renewAlone } from './come-back.ts'
import { makeOffer } from './offer.ts'
import { readmit, readmitPeer } from './readmit.ts'

let folder: ReturnType<typeof tempDir>
let world: ReturningWorld
let ann: Device
let bob: Device
let carol: Device
beforeEach(async () => {
  folder = tempDir()
  world = await makeReturningWorld('returning', folder.dir)
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob')
  carol = await world.join(ann, 'Carol')
  await meet(world, ann, bob)
  await meet(world, ann, carol)
})
afterEach(() => {
  for (const device of [ann, bob, carol]) world.storeOf(device).close()
  folder.remove()
})

const tips = (...devices: Device[]) => new Set(devices.map((d) => d.group.tip.row.tip)).size
const texts = (device: Device) => device.texts().toSorted()
const leafKeyOf = (device: Device, of: Device) => {
  const { engine } = world
  const { state } = device.group.tip
  const leaf = engine.members(state).find((m) => m.memberId === of.group.self)
  return toHex((leaf && engine.leafKey(state, leaf.leafIndex)) ?? new Uint8Array())
}

describe('a device put back from an older copy', () => {
  beforeEach(async () => {
    await ann.send('before')
    await meet(world, ann, bob)
    const copy = world.copy(ann)
    await ann.send('after the copy')
    await ann.send('and again')
    await meet(world, ann, bob)
    world.putBack(ann, copy)
  })

  it('neither writes nor changes the group with its old keys, and says why', async () => {
    const stored = () => ann.store.objects.since(SPACE, 0, null, 100).length
    const before = stored()
    await expect(ann.send('with a used key')).rejects.toMatchObject({ code: 'returning' })
    await expect(ann.addChannel('music')).rejects.toMatchObject({ code: 'returning' })
    ann.restart()
    await expect(ann.send('with a used key')).rejects.toMatchObject({ code: 'returning' })
    expect(stored()).toBe(before)
  })

  it('lets nobody in meanwhile: its own keys may be as old', async () => {
    const copy = world.copy(bob)
    world.putBack(bob, copy)
    expect(await ask(ann, bob)).toEqual({ kind: 'returning' })
    expect(await ask(bob, ann)).toEqual({ kind: 'returning' })
  })

  it('goes on to read what others write and follows what they change', async () => {
    await bob.send('from Bob')
    await carol.addChannel('films').catch(() => undefined)
    await bob.send('more')
    await meet(world, bob, ann)
    expect(texts(ann)).toEqual(['after the copy', 'and again', 'before', 'from Bob', 'more'])
    expect(ann.group.tip.row.returning).toBe(true)
  })

  it('gets back what it sent itself, as its own, and knows who has it', async () => {
    await meet(world, bob, ann)
    expect(ann.texts()).toEqual(['before', 'after the copy', 'and again'])
    const [message] = ann.store.messages.page(ann.group.tip.settings.channels[0]?.channelId ?? ('' as never), 1, null).messages
    expect(message).toMatchObject({ text: 'and again', author: ann.group.self })
    const owed = message && ann.store.deliveries.of(message.objectId).map((d) => d.memberId)
    expect(owed?.toSorted()).toEqual([bob.group.self, carol.group.self].toSorted())
  })

  it('takes no message for its own that somebody else made', async () => {
    await bob.send('not hers')
    const object = lastObject(bob)
    await receiveObject(ann.group, object)
    const row = ann.store.messages.ofObject(object.objectId)
    expect(row?.author).toBe(bob.group.self)
  })

  it('is let in with a fresh leaf by one member, and all talk again', async () => {
    const old = leafKeyOf(bob, ann)
    await returnBy(ann, bob)
    expect(ann.group.tip.row.returning).toBe(false)
    await meet(world, bob, carol)
    expect(tips(ann, bob, carol)).toBe(1)
    for (const device of [ann, bob, carol]) {
      expect(leafKeyOf(device, ann)).not.toBe(old)
      expect(device.group.tip.settings.roles.get(ann.group.self)).toBe('owner')
    }
    await ann.send('I am back')
    await bob.send('welcome back')
    for (const [a, b] of [
      [ann, bob],
      [ann, carol],
      [bob, carol],
    ] as const)
      await meet(world, a, b)
    const all = ['I am back', 'after the copy', 'and again', 'before', 'welcome back']
    expect([texts(ann), texts(bob), texts(carol)]).toEqual([all, all, all])
    ann.restart()
    await ann.send('and after a restart')
    await meet(world, ann, bob)
    expect(texts(bob)).toContain('and after a restart')
  })

  it('stays free after a restart, and the offer is gone', async () => {
    await returnBy(ann, bob)
    ann.restart()
    expect(ann.group.tip.row.returning).toBe(false)
    expect(ann.store.settings.get(`return-offer/${SPACE}`)).toBeNull()
    expect(await comeBack(ann.group, await offerOf(ann), { welcome: new Uint8Array(9), commits: [] })).toBe('refused')
  })

  it('whose return cannot be stored stays as it is, and is let in by asking again', async () => {
    const offer = await offerOf(ann)
    const answer = await readmit(bob.group, offer.request)
    if (answer.kind !== 'welcome') throw new Error(answer.kind)
    const before = { tip: ann.group.tip, row: ann.store.groups.get(SPACE), identity: ann.store.identities.get(SPACE) }
    ann.store.failNext()
    await expect(comeBack(ann.group, offer, answer)).rejects.toThrow('disk is full')
    expect({ tip: ann.group.tip, row: ann.store.groups.get(SPACE), identity: ann.store.identities.get(SPACE) }).toEqual(before)
    ann.restart()
    await returnBy(ann, bob)
    await ann.send('back')
    await meet(world, ann, bob)
    expect(texts(bob)).toContain('back')
  })

  it('is given the same Welcome for the same request, also after the one who answers restarted', async () => {
    const first = await ask(ann, bob)
    bob.restart()
    expect(await ask(ann, bob)).toEqual(first)
    expect(first.kind).toBe('welcome')
  })
})

describe('what was sent under the keys of the copy', () => {
  it('is counted by nothing that follows, also where the copy was of a device that had gone astray', async () => {
    await markAstray(ann.group)
    const copy = world.copy(ann)
    await returnBy(ann, bob)
    for (const text of ['one', 'two']) await ann.send(text)
    await meet(world, ann, bob)
    world.putBack(ann, copy)
    const told = await ask(ann, bob)
    if (told.kind !== 'leaf') throw new Error(`the copied leaf is gone: ${told.kind}`)
    const offer = await offerOf(ann, told.leafKey)
    const answer = await readmit(bob.group, offer.request)
    if (answer.kind !== 'welcome') throw new Error(answer.kind)
    expect(await comeBack(ann.group, offer, answer)).toBe('back')
    for (const text of ['three', 'four']) await ann.send(text)
    await meet(world, ann, bob)
    expect(texts(bob)).toEqual(['four', 'one', 'three', 'two'])
  })

  it('is never sent under them again: crash, restored copy, rollback, each followed by talk', async () => {
    const everyone = [ann, bob, carol] as const
    const gather = async () => {
      await meet(world, ann, bob)
      await meet(world, bob, carol)
      await meet(world, ann, carol)
      await meet(world, ann, bob)
    }
    const talk = async (round: string) => {
      await gather()
      for (const device of everyone) await device.send(`${device.name} ${round}`)
      await gather()
    }
    await talk('at first')
    const copies = new Map<Device, Uint8Array>([[ann, world.copy(ann)]])
    await talk('after the first copy')
    // A crash between encrypting and storing: what was encrypted was never given out.
    ann.store.failNext()
    await expect(ann.send('lost in the crash')).rejects.toThrow('disk is full')
    ann.restart()
    await talk('after a crash')
    copies.set(bob, world.copy(bob))
    world.putBack(ann, copies.get(ann) ?? new Uint8Array())
    await expect(ann.send('from the old copy')).rejects.toMatchObject({ code: 'returning' })
    await returnBy(ann, carol)
    await talk('after the first return')
    // The very same copy once more: what it counts and offers was used up by the return before.
    world.putBack(ann, copies.get(ann) ?? new Uint8Array())
    const told = await ask(ann, carol)
    if (told.kind !== 'leaf') throw new Error(`the copied leaf is gone: ${told.kind}`)
    const offer = await offerOf(ann, told.leafKey)
    const answer = await readmit(carol.group, offer.request)
    if (answer.kind !== 'welcome') throw new Error(answer.kind)
    expect(await comeBack(ann.group, offer, answer)).toBe('back')
    await talk('after the second return')
    world.putBack(bob, copies.get(bob) ?? new Uint8Array())
    await meet(world, ann, bob)
    await returnBy(bob, ann)
    await talk('after the third return')
    expect(tips(...everyone)).toBe(1)
    const rounds = [
      'at first',
      'after the first copy',
      'after a crash',
      'after the first return',
      'after the second return',
      'after the third return',
    ]
    expect(texts(carol)).toEqual(rounds.flatMap((round) => everyone.map(({ name }) => `${name} ${round}`)).toSorted())
    expect(texts(bob)).toEqual(texts(carol))
    // Of the time between its two returns the second copy never had a key.
    expect(texts(ann)).toEqual(texts(carol).filter((text) => !text.endsWith('after the first return')))
    expect(world.emissions.count).toBeGreaterThan(20)
  })

  it('would be sent again by a copy that nobody marked: the ledger sees it', async () => {
    await ann.send('one')
    await meet(world, ann, bob)
    const copy = world.copy(ann)
    await ann.send('two')
    await meet(world, ann, bob)
    world.storeOf(ann).rewind(copy)
    ann.restart()
    await ann.send('other words')
    await expect(meet(world, ann, carol)).rejects.toThrow('two objects under one key')
  })
})

describe('three members of whom one is away', () => {
  it('lose nothing: what only the one who was away has comes back, too', async () => {
    await ann.send('known to all')
    await meet(world, ann, bob)
    await meet(world, ann, carol)
    const copy = world.copy(ann)
    await ann.send('for Carol alone, as it turned out')
    await meet(world, ann, carol)
    world.putBack(ann, copy)
    await returnBy(ann, bob)
    await ann.send('back, and Carol is away')
    await meet(world, ann, bob)
    await bob.send('fine')
    await carol.send('written while away')
    await meet(world, bob, carol)
    await meet(world, carol, ann)
    await meet(world, ann, bob)
    const all = ['back, and Carol is away', 'fine', 'for Carol alone, as it turned out', 'known to all', 'written while away']
    expect([texts(ann), texts(bob), texts(carol)]).toEqual([all, all, all])
    for (const device of [ann, bob, carol])
      for (const sender of device.store.senders.list(SPACE)) expect(sender.memberId === device.group.self || sender.seq > 0).toBe(true)
  })

  it('are followed by one who came back further on than its copy had got to', async () => {
    const copy = world.copy(ann)
    await bob.send('one')
    await world.join(bob, 'Dave').then((dave) => world.storeOf(dave).close())
    await bob.send('two')
    await meet(world, bob, carol)
    world.putBack(ann, copy)
    await returnBy(ann, carol)
    await ann.send('back')
    await meet(world, ann, carol)
    await meet(world, ann, bob)
    await meet(world, bob, carol)
    const all = ['back', 'one', 'two']
    expect([texts(ann), texts(bob), texts(carol)]).toEqual([all, all, all])
    expect(ann.group.tip.row.returning).toBe(false)
    ann.restart()
    await bob.send('three')
    await bring(bob, ann)
    expect(texts(ann)).toContain('three')
  })

  it('and of whom one changed the group after its copy: what was written in the epochs it began is lost to it, nothing else', async () => {
    const copy = world.copy(ann)
    await ann.addChannel('lost commit')
    await ann.send('in an epoch of our own')
    await meet(world, ann, bob)
    await bob.send('there, too')
    world.putBack(ann, copy)
    await meet(world, ann, bob)
    expect(texts(ann)).toEqual([])
    await returnBy(ann, bob)
    await ann.send('back')
    await bob.send('welcome')
    await meet(world, ann, bob)
    await meet(world, bob, carol)
    expect(texts(ann)).toEqual(['back', 'welcome'])
    expect(texts(carol)).toEqual(['back', 'in an epoch of our own', 'there, too', 'welcome'])
    expect(ann.group.tip.row.returning).toBe(false)
    expect(ann.store.directory.channels(SPACE).map((c) => c.name)).toContain('lost commit')
    const [object] = bob.store.objects.since(SPACE, 0, null, 100).filter((o) => o.kind === 'message' && o.sender === bob.group.self)
    expect(object && (await receiveObject(ann.group, object))).toBe('rejected')
  })
})

describe('the claim of a fresh leaf', () => {
  let copy: Uint8Array
  beforeEach(() => {
    copy = world.copy(ann)
    world.putBack(ann, copy)
  })

  it('is good once: afterwards the leaf it names is gone', async () => {
    const offer = await offerOf(ann)
    await returnBy(ann, bob)
    await meet(world, ann, carol)
    const again = await readmit(carol.group, offer.request)
    expect(again).toMatchObject({ kind: 'leaf', leafKey: offer.freshKey })
    const change = { add: [offer.request.keyPackage], removeLeaves: [world.engine.self(ann.group.tip.state).leafIndex] }
    for (const data of [new Uint8Array(), offer.request.signature]) {
      const forged = await world.engine.commit(carol.group.tip.state, { ...change, authenticatedData: data })
      const eid = carol.group.tip.row.tip
      const { tip } = ann.group
      if (forged.ok) expect(await receiveObject(ann.group, { eid, bytes: forged.value.commit })).toBe('rejected')
      expect(ann.group.tip).toEqual(tip)
    }
  })

  it('of the copied leaf is worth nothing to another member: its commit is refused by all', async () => {
    const offer = await offerOf(ann)
    await returnBy(ann, bob)
    await meet(world, ann, carol)
    const { state, row } = carol.group.tip
    const made = await world.engine.commit(state, {
      add: [(await offerOf(ann, world.engine.leafKey(state, 0) ?? undefined)).request.keyPackage],
      removeLeaves: [world.engine.self(ann.group.tip.state).leafIndex],
      authenticatedData: offer.request.signature,
    })
    if (!made.ok) throw new Error('a member can make it')
    expect(await receiveObject(bob.group, { eid: row.tip, bytes: made.value.commit })).toBe('rejected')
  })

  it.each<[string, (offer: Awaited<ReturnType<typeof offerOf>>) => Parameters<typeof readmit>[1], string]>([
    ['noise for a key package', ({ request }) => ({ ...request, keyPackage: new Uint8Array(200).fill(1) }), 'malformed'],
    ['a signature of zeros', ({ request }) => ({ ...request, signature: new Uint8Array(64) }), 'malformed'],
    ['another leaf than was signed for', ({ request }) => ({ ...request, leafKey: new Uint8Array(32).fill(1) }), 'malformed'],
  ])('with %s is refused and changes nothing', async (_, spoil, code) => {
    const before = bob.group.tip
    expect(await readmit(bob.group, spoil(await offerOf(ann)))).toEqual({ kind: 'refused', code })
    expect(bob.group.tip).toEqual(before)
  })

  it('repeated by another peer, who was asked with it once or was a member then, is refused and changes nothing', async () => {
    const before = bob.group.tip
    const { request } = await offerOf(ann)
    const malformed = { kind: 'refused', code: 'malformed' }
    expect(await readmitPeer(bob.group, request, `12D3KooW${'E'.repeat(44)}` as PeerId)).toEqual(malformed)
    expect(await readmitPeer(bob.group, { ...request, peer: new Uint8Array(64) }, PEER)).toEqual(malformed)
    expect(bob.group.tip).toEqual(before)
    expect((await readmitPeer(bob.group, request, PEER)).kind).toBe('welcome')
    expect(await readmitPeer(bob.group, request, `12D3KooW${'E'.repeat(44)}` as PeerId)).toEqual(malformed)
  })

  it('of somebody who is no member is refused', async () => {
    const other = await makeReturningWorld('strangers', folder.dir.concat('/'))
    const eve = await other.found('Eve')
    world.clock.advance(1)
    const offer = await offerOf(eve)
    expect(await readmit(bob.group, offer.request)).toEqual({ kind: 'refused', code: 'not-member' })
    other.storeOf(eve).close()
  })

  it('made before the copy was put back is not used again: it may have been taken since', async () => {
    const offer = await offerOf(ann)
    const old = world.copy(ann)
    await returnBy(ann, bob)
    world.putBack(ann, old)
    const another = `12D3KooW${'C'.repeat(44)}` as typeof PEER
    expect((await offerOf(ann, undefined, another)).freshKey).not.toEqual(offer.freshKey)
  })

  it('answered by two members at once is in with one of them, and heard by whoever follows that one', async () => {
    const offer = await offerOf(ann)
    const [byBob, byCarol] = [await readmit(bob.group, offer.request), await readmit(carol.group, offer.request)]
    if (byBob.kind !== 'welcome' || byCarol.kind !== 'welcome') throw new Error('both let it in')
    expect(await comeBack(ann.group, offer, byBob)).toBe('back')
    expect(await comeBack(ann.group, offer, byCarol)).toBe('refused')
    expect(tips(ann, bob)).toBe(1)
    expect(await receiveObject(bob.group, lastObject(carol))).toBe('stored')
    expect(bob.events).toContain('contested')
    expect(await receiveObject(ann.group, lastObject(carol))).toBe('stored')
    await ann.send('with Bob')
    await receiveObject(bob.group, lastObject(ann))
    expect(texts(bob)).toContain('with Bob')
  })

  it('that was granted by one who fell silent is answered by the others with the leaf it has now, and can be made anew', async () => {
    const offer = await offerOf(ann)
    expect((await readmit(bob.group, offer.request)).kind).toBe('welcome')
    await meet(world, bob, carol)
    const told = await readmit(carol.group, offer.request)
    expect(told).toEqual({ kind: 'leaf', leafKey: offer.freshKey })
    const next = await makeOffer(ann.group, offer.freshKey, PEER)
    const answer = await readmit(carol.group, next.request)
    if (answer.kind !== 'welcome') throw new Error(answer.kind)
    expect(await comeBack(ann.group, next, answer)).toBe('back')
    await meet(world, carol, bob)
    await ann.send('at last')
    await meet(world, ann, bob)
    expect(texts(bob)).toEqual(['at last'])
  })
})

describe('a group of which the device is the only member', () => {
  it('renews its keys by itself, and nothing else', async () => {
    const alone = await makeReturningWorld('alone', folder.dir.concat('/'))
    const zoe = await alone.found('Zoe')
    await zoe.send('before')
    const copy = alone.copy(zoe)
    await zoe.send('lost')
    const { tip } = zoe.group.tip.row
    alone.putBack(zoe, copy)
    await expect(zoe.send('no')).rejects.toMatchObject({ code: 'returning' })
    expect(await renewAlone(zoe.group)).toBe(true)
    expect(await renewAlone(zoe.group)).toBe(false)
    expect(zoe.group.tip.row.tip).not.toBe(tip)
    await zoe.send('after')
    expect(zoe.texts()).toEqual(['before', 'after'])
    zoe.restart()
    const yan = await alone.join(zoe, 'Yan')
    await zoe.send('hello Yan')
    await meet(alone, zoe, yan)
    expect(yan.texts()).toEqual(['hello Yan'])
    for (const device of [zoe, yan]) alone.storeOf(device).close()
  })

  it('is no group of two', async () => {
    world.putBack(ann, world.copy(ann))
    expect(await renewAlone(ann.group)).toBe(false)
    expect(ann.group.tip.row.returning).toBe(true)
  })
})

describe('a device that is not returning', () => {
  it('takes nothing for its own that it did not send, and is not moved by a commit that exchanges its leaf', async () => {
    const copy = world.copy(ann)
    world.putBack(ann, copy)
    await returnBy(ann, bob)
    const { row } = ann.group.tip
    // The original machine, which ran on: the same device, with the leaf that is gone.
    world.storeOf(ann).rewind(copy)
    ann.restart()
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('rejected')
    expect(ann.group.tip.row.tip).not.toBe(row.tip)
    expect(ann.group.tip.row.returning).toBe(false)
  })

  it('still lets others be told apart by who may change the group', async () => {
    const settings = withChannel(carol.group.tip.settings, {
      channelId: world.engine.groupId(carol.group.tip.state) as never,
      name: 'x',
      kind: 'open',
    })
    await expect(carol.group.exclusive(() => commitChange(carol.group, settings, [], () => undefined))).rejects.toMatchObject({
      code: 'not-permitted',
    })
  })
})
