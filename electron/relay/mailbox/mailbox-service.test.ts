import { beforeEach, describe, expect, it } from 'vitest'
import type { Eid, GroupId, PeerId } from '../../../shared/domain/ids.ts'
import { ed25519PublicKey, ed25519Sign } from '../../identity/index.ts'
import { AppError } from '../../kernel/errors.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { systemRandom } from '../../kernel/random.ts'
import { MARK_BYTES } from '../../ports/mailbox.ts'
import type { MailboxAnswer, MailboxStore } from '../../ports/mailbox.ts'
import { dayKeys, MAX_APART_MS } from '../../sync/mailbox/day-keys.ts'
import { seal, sealedHash } from '../../sync/mailbox/seal.ts'
import { isReceipt, makeGet, makePut } from '../../sync/mailbox/statements.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { createMemoryMailboxStore } from '../../testing/fakes/memory-mailbox-store.ts'
import { COUNTED, GETS_PER_PEER, KEPT_MS, PUTS_PER_PEER, PUTS_PER_TAG, RATE_WINDOW_MS, REQUESTS_IN_ALL } from './limits.ts'
import { MailboxService } from './mailbox-service.ts'
import { WindowRate } from './rates.ts'

const peerOf = (letter: string) => `12D3KooW${letter.repeat(44)}` as PeerId
const [mailbox, alice] = [peerOf('m'), peerOf('a')]
const home = '/ip4/192.0.2.1'
const seed = systemRandom.bytes(32)
const keys = dayKeys(systemRandom.id<GroupId>(), systemRandom.bytes(32), 20_000)
const object = (size = 300) => seal(keys, { eid: systemRandom.id<Eid>(), bytes: systemRandom.bytes(size) })

describe('a mailbox', () => {
  let clock: FakeClock
  let store: MailboxStore
  let service: MailboxService
  beforeEach(() => {
    clock = new FakeClock()
    store = createMemoryMailboxStore()
    service = new MailboxService({
      ...{ store, localPeer: mailbox, clock, logger: silentLogger, room: { tagBytes: 10_000, allBytes: 12_000 } },
      sign: (bytes) => ed25519Sign(seed, bytes),
    })
    service.start()
  })
  const put = (objects: Uint8Array[], { of = keys, from = alice, host = home, at = clock.now() } = {}): MailboxAnswer =>
    service.answer({ peerId: from, host }, makePut(of, mailbox, objects, at))
  const get = (after = 0, { of = keys, from = alice, at = clock.now() } = {}): MailboxAnswer =>
    service.answer({ peerId: from, host: home }, makeGet(of, mailbox, after, at))
  const refused = (code: string) => ({ kind: 'refused', code })

  it('gives a receipt for each object, signed with the key of its peer id, and gives the objects to who asks rightly', () => {
    const objects = [object(), object()]
    const answer = put(objects)
    const receipts = answer.kind === 'stored' ? answer.receipts : []
    expect(receipts).toHaveLength(2)
    for (const [i, { storedAt, keptUntil, signature }] of receipts.entries()) {
      expect([storedAt, keptUntil]).toEqual([clock.now(), clock.now() + KEPT_MS])
      const kept = { tag: keys.tag, hash: sealedHash(objects[i] ?? seed), storedAt, keptUntil }
      expect(isReceipt(ed25519PublicKey(seed), kept, signature)).toBe(true)
    }
    const page = get()
    const nextMark = page.kind === 'page' ? page.nextMark : null
    expect(nextMark).toHaveLength(MARK_BYTES)
    expect(page).toEqual({ kind: 'page', objects, next: 2, more: false, mark: null, nextMark })
    expect(get(1)).toEqual({ kind: 'page', objects: objects.slice(1), next: 2, more: false, mark: nextMark, nextMark })
  })

  it('gives the same receipt for what is put twice', () => {
    const objects = [object()]
    const first = put(objects)
    clock.advance(5_000)
    expect(put(objects)).toEqual(first)
    expect(service.metrics()).toMatchObject({ puts: 2, keptObjects: 1, keptTags: 1 })
  })

  it('takes and gives nothing without the private key of the tag, and what was signed for another mailbox', () => {
    const stranger = { ...dayKeys(systemRandom.id<GroupId>(), systemRandom.bytes(32), 20_000), tag: keys.tag }
    put([object()])
    expect(put([object()], { of: stranger })).toEqual(refused('signature'))
    expect(get(0, { of: stranger })).toEqual(refused('signature'))
    expect(service.answer({ peerId: alice, host: home }, makeGet(keys, peerOf('o'), 0, clock.now()))).toEqual(refused('signature'))
    expect(service.metrics()).toMatchObject({ keptObjects: 1, refusedSignature: 3, objectsGiven: 0 })
  })

  it('takes no request of another time than now', () => {
    for (const apart of [-MAX_APART_MS - 1, MAX_APART_MS + 1]) {
      expect(put([object()], { at: clock.now() + apart })).toEqual(refused('clock'))
      expect(get(0, { at: clock.now() + apart })).toEqual(refused('clock'))
    }
    expect(get(0, { at: clock.now() - MAX_APART_MS })).toMatchObject({ kind: 'page' })
  })

  it('says which room is used up, and has taken nothing then', () => {
    expect(put([object(5_000), object(5_000)])).toEqual(refused('tag-full'))
    expect(service.metrics()).toMatchObject({ keptBytes: 0, refusedFull: 1 })
    put([object(5_000)])
    const others = dayKeys(systemRandom.id<GroupId>(), systemRandom.bytes(32), 20_000)
    expect(put([object(5_000)], { of: others })).toEqual(refused('mailbox-full'))
  })

  it('lets nobody ask too often, and nobody use up the puts of a tag who may not put', () => {
    const objects = [object()]
    for (let i = 0; i < PUTS_PER_PEER; i += 1) expect(put(objects).kind).toBe('stored')
    expect(put(objects)).toEqual({ kind: 'later', afterMs: RATE_WINDOW_MS })
    for (let i = PUTS_PER_PEER; i < PUTS_PER_TAG; i += 1) expect(put(objects, { from: peerOf('b') }).kind).toBe('stored')
    expect(put(objects, { from: peerOf('c') }).kind).toBe('later')
    clock.advance(RATE_WINDOW_MS)
    const stranger = { ...dayKeys(systemRandom.id<GroupId>(), systemRandom.bytes(32), 20_000), tag: keys.tag }
    for (let i = 0; i < PUTS_PER_TAG; i += 1) put(objects, { of: stranger, from: peerOf(i % 2 === 0 ? 'd' : 'e') })
    expect(put(objects).kind).toBe('stored')
    for (let i = 0; i < GETS_PER_PEER; i += 1) get()
    expect(get().kind).toBe('later')
    expect(service.metrics().limited).toBe(3)
  })

  it('answers others while one peer, which it refuses for asking too often, goes on asking', () => {
    for (let i = 0; i < REQUESTS_IN_ALL; i += 1) put([object()], { at: 0, from: peerOf('f') })
    expect(put([object()]).kind).toBe('stored')
  })

  it('answers others while one machine asks as one peer after another', () => {
    for (let i = 0; i < REQUESTS_IN_ALL; i += 1) {
      const stranger = `peer ${i % (REQUESTS_IN_ALL / PUTS_PER_PEER)}` as PeerId
      put([object()], { at: 0, from: stranger, host: '/ip4/192.0.2.2' })
    }
    expect(put([object()]).kind).toBe('stored')
  })

  it('answers others while one machine asks as more peers than are told apart', () => {
    for (let i = 0; i < COUNTED; i += 1) put([object()], { at: 0, from: `peer ${i}` as PeerId, host: '/ip4/192.0.2.2' })
    expect(put([object()]).kind).toBe('stored')
  })

  it('drops what is older than it promised, and nothing younger', () => {
    put([object()])
    clock.advance(60_000)
    const young = object()
    put([young])
    clock.advance(KEPT_MS - 60_000)
    expect(get()).toMatchObject({ objects: [{}, {}] })
    clock.advance(20 * 60_000)
    expect(get(0, {}).kind).toBe('page')
    expect(store.usage().objects).toBe(0)
    expect(service.metrics().swept).toBe(2)
  })

  it('gives no receipt for what its disk did not take', () => {
    store.put = () => {
      throw new AppError('disk', 'full')
    }
    expect(put([object()])).toMatchObject({ kind: 'later' })
    expect(service.metrics()).toMatchObject({ failed: 1, puts: 0 })
  })

  it('logs no tag, hash or peer', () => {
    const lines: string[] = []
    const log = (event: string, fields?: unknown) => void lines.push(JSON.stringify([event, fields]))
    const logger = { ...silentLogger, info: log, warn: log, error: log, debug: log }
    service = new MailboxService({
      ...{ store, localPeer: mailbox, clock, logger, room: { tagBytes: 0, allBytes: 0 } },
      sign: (bytes) => ed25519Sign(seed, bytes),
    })
    put([object()])
    put([object()], { at: 0 })
    store.page = () => {
      throw new AppError('disk', 'full')
    }
    get()
    expect(lines).toEqual(['["mailbox-failed",{"fault":"disk"}]'])
  })
})

describe('the rates of a mailbox', () => {
  it('tell only so many apart, until the next window, also when the clock was set back', () => {
    const clock = new FakeClock()
    const rate = new WindowRate(clock, { most: 1, counted: COUNTED, windowMs: 1_000 })
    for (let i = 0; i < COUNTED; i += 1) expect(rate.admit(String(i)).ok).toBe(true)
    expect(rate.admit('one more').ok).toBe(false)
    clock.advance(1_000)
    expect(rate.admit('one more').ok).toBe(true)
    expect(rate.admit('one more')).toEqual({ ok: false, afterMs: 1_000 })
    let now = 500_000
    const moved = new WindowRate({ now: () => now, after: () => () => undefined }, { most: 1, counted: 9, windowMs: 1_000 })
    expect([moved.admit('a').ok, moved.admit('a').ok]).toEqual([true, false])
    now = 1_000
    expect(moved.admit('a').ok).toBe(true)
  })
})
