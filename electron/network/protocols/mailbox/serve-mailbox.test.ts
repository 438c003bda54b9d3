import { describe, expect, it } from 'vitest'
import type { GroupId, PeerId } from '../../../../shared/domain/ids.ts'
import { silentLogger } from '../../../kernel/logger.ts'
import { systemRandom } from '../../../kernel/random.ts'
import { MARK_BYTES } from '../../../ports/mailbox.ts'
import type { MailboxAnswer, MailboxRequest } from '../../../ports/mailbox.ts'
import { dayKeys } from '../../../sync/mailbox/day-keys.ts'
import { makeGet, makePut } from '../../../sync/mailbox/statements.ts'
import { duplexPair } from '../../../testing/fakes/duplex-pair.ts'
import type { DuplexEnd } from '../../../testing/fakes/duplex-pair.ts'
import { FakeClock } from '../../../testing/fakes/fake-clock.ts'
import { ALL_BUFFERS_BYTES } from '../../channel/constants.ts'
import { encodeFrame } from '../../channel/frame.ts'
import { toFrames } from '../../channel/message.ts'
import type { Offence } from '../../channel/offence.ts'
import { ReadBudget } from '../../channel/read-budget.ts'
import { RequestChannel } from '../../channel/request-channel.ts'
import type { Caller } from '../../libp2p/caller.ts'
import { ask } from '../rpc.ts'
import { HOST_PART, MAILBOX_MS, MAX_SEALED_BYTES, MIN_SEALED_BYTES } from './constants.ts'
import { mailboxRpc } from './mailbox-rpc.ts'
import { mailboxProtocol } from './serve-mailbox.ts'

const never = new AbortController().signal
const keys = dayKeys(systemRandom.id<GroupId>(), systemRandom.bytes(32), 20_000)
const mailbox = 'mailbox' as PeerId
const get = makeGet(keys, mailbox, 0, 0)
const put = makePut(keys, mailbox, [systemRandom.bytes(MIN_SEALED_BYTES)], 0)

/** A mailbox whose every page holds one object of the largest size. */
function setUp() {
  const clock = new FakeClock()
  const objects = [new Uint8Array(MAX_SEALED_BYTES)]
  const answer = (_: Caller, { kind }: MailboxRequest): MailboxAnswer =>
    kind === 'get'
      ? { kind: 'page', objects, next: 1, more: false, mark: null, nextMark: new Uint8Array(MARK_BYTES) }
      : { kind: 'stored', receipts: [{ storedAt: 0, keptUntil: 1, signature: new Uint8Array(64) }] }
  const protocol = mailboxProtocol({ clock, logger: silentLogger, answer })
  let peers = 0
  /** Of either end. */
  const offences: Offence[] = []
  /** Opens a stream from a host, as another peer each time. `isSlow`: it takes nothing of the answer. */
  const open = (host: string, { isSlow = false } = {}): { channel: RequestChannel; far: DuplexEnd } => {
    const [near, far] = duplexPair()
    if (isSlow) far.block()
    peers += 1
    protocol.onStream({ peerId: `peer ${peers}` as PeerId, host }, far, (offence) => offences.push(offence))
    const reader = { clock, budget: new ReadBudget(8 * MAX_SEALED_BYTES), offended: (offence: Offence) => offences.push(offence) }
    return { far, channel: new RequestChannel(reader, near, 2 * MAX_SEALED_BYTES) }
  }
  const asks = (host: string, request: MailboxRequest) => ask(mailboxRpc, open(host).channel, request, never)
  /** So many that do not read what they asked for. */
  const slow = async (host: string, count: number) => {
    const all = Array.from({ length: count }, () => open(host, { isSlow: true }))
    for (const { channel } of all) void ask(mailboxRpc, channel, get, never).catch(() => undefined)
    for (let i = 0; i < 50; i += 1) await new Promise((resolve) => setImmediate(resolve))
    return all.map(({ far }) => far)
  }
  /** One that begins a put of the largest size and does not end it. */
  const begin = (host: string): DuplexEnd => {
    const [near, far] = duplexPair()
    protocol.onStream({ peerId: `peer of ${host}` as PeerId, host }, far, (offence) => offences.push(offence))
    const frames = [...toFrames({ kind: 'request', id: 0, body: new Uint8Array(MAX_SEALED_BYTES) })]
    near.send(frames.slice(0, -1).map(encodeFrame))
    return far
  }
  return { clock, open, asks, slow, begin, offences }
}

describe('a mailbox that answers many', () => {
  it('is through with a stream once its answer is on the way', async () => {
    const { open } = setUp()
    const { channel, far } = open('/ip4/192.0.2.1')
    expect(await ask(mailboxRpc, channel, get, never)).toMatchObject({ kind: 'page' })
    await expect.poll(() => [far.closed, far.resetReason]).toEqual([true, null])
  })

  it('lets those of one machine that do not read hold a part of the memory, and those of several no receipt', async () => {
    const { asks, slow } = setUp()
    await slow('/ip4/192.0.2.1', 20)
    expect((await asks('/ip4/192.0.2.1', get)).kind).toBe('later')
    expect((await asks('/ip4/192.0.2.2', get)).kind).toBe('page')
    for (const host of [2, 3, 4, 5]) await slow(`/ip4/192.0.2.${host}`, 20)
    expect((await asks('/ip4/192.0.2.9', get)).kind).toBe('later')
    expect((await asks('/ip4/192.0.2.9', put)).kind).toBe('stored')
  })

  it('lets one machine that begins many puts and ends none have a part of the memory, and others put what is large', async () => {
    const { asks, begin, offences } = setUp()
    const begun = Array.from({ length: 40 }, () => begin('/ip4/192.0.2.1'))
    const large = makePut(keys, mailbox, [new Uint8Array(MAX_SEALED_BYTES)], 0)
    expect((await asks('/ip4/192.0.2.2', large)).kind).toBe('stored')
    const kept = begun.filter(({ closed }) => !closed).length
    expect(kept * MAX_SEALED_BYTES).toBeLessThanOrEqual(ALL_BUFFERS_BYTES / HOST_PART + MAX_SEALED_BYTES)
    expect(kept).toBeGreaterThan(1)
    // Of one machine there may be several, and not each took what is gone.
    expect(offences).toEqual([])
  })

  it('is offended by a second question on a stream, and by one that is none', async () => {
    const { open, offences } = setUp()
    const twice = open('/ip4/192.0.2.1')
    const asked = [ask(mailboxRpc, twice.channel, get, never), ask(mailboxRpc, twice.channel, get, never)]
    await Promise.allSettled(asked)
    expect(offences).toEqual(['order'])
    await expect(open('/ip4/192.0.2.1').channel.call(Uint8Array.of(1), { signal: never, timeoutMs: 1_000 })).rejects.toThrow()
    expect(offences).toEqual(['order', 'message'])
  })

  it('and for no longer than an answer may take', async () => {
    const { clock, asks, slow } = setUp()
    const held = await slow('/ip4/192.0.2.1', 20)
    clock.advance(MAILBOX_MS)
    await expect.poll(() => held.every(({ closed }) => closed)).toBe(true)
    expect((await asks('/ip4/192.0.2.1', get)).kind).toBe('page')
  })
})
