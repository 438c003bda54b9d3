import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { createApplicationMessage, processPrivateMessage } from 'ts-mls'
import type { CiphersuiteImpl, ClientState, PrivateMessage } from 'ts-mls'
import { ed25519Verify } from '../../identity/index.ts'
import { utf8 } from '../../kernel/bytes.ts'
import { systemRandom } from '../../kernel/random.ts'
import { credulous } from '../../testing/mls/forge.ts'
import { commitBy, gather, NONE, outcome, stateOf, unwrapOk, yes } from '../../testing/mls/party.ts'
import type { Party } from '../../testing/mls/party.ts'
import type { GroupState } from './group-engine.ts'
import { openNext } from './open-next.ts'
import type { Opened } from './open-next.ts'
import { makeCipherSuite } from './provider/cipher-suite.ts'
import { suites, X25519_SUITE, XWING_SUITE } from './provider/suites.ts'
import { openSenderData } from './sender-data.ts'
import { unwrap, wrap } from './state.ts'
import { decodeFramed, encodeMessage } from './wire.ts'

const privateMessage = (bytes: Uint8Array): PrivateMessage => unwrapOk(decodeFramed(bytes)).message

function open(client: ClientState, message: PrivateMessage): Opened | null {
  const parts = suites[client.groupContext.cipherSuite === XWING_SUITE ? XWING_SUITE : X25519_SUITE]
  return openNext(parts, client, message, openSenderData(parts, client.keySchedule.senderDataSecret, message))
}

const holds = ({ publicKey, signed, signature }: Opened): boolean => ed25519Verify(publicKey, signed, signature)

describe.each([
  ['X25519', X25519_SUITE],
  ['X-Wing', XWING_SUITE],
])('the next message of a sender, %s', (_, suiteId) => {
  const suite = makeCipherSuite(suites[suiteId], (n) => systemRandom.bytes(n))
  const context = credulous(suite)
  let party: Party
  /** Alice has sent once and Bob has read it. */
  let alice: GroupState
  let bob: GroupState
  beforeAll(async () => {
    party = await gather(['Alice', 'Bob', 'Carol'], suiteId)
    const first = await party.engine.encrypt(stateOf(party, 0), utf8('first'), NONE)
    const read = unwrapOk(await party.engine.receive(stateOf(party, 1), first.message, yes))
    if (read.kind !== 'message') throw new Error('not a message')
    ;[alice, bob] = [first.state, read.state]
  })

  const send = (text: string, data: Uint8Array = NONE) => party.engine.encrypt(alice, utf8(text), data)
  /** Made by Alice from what a provider of hers does to content before it is encrypted. */
  const sealing = async (change: (content: Uint8Array) => Uint8Array): Promise<Uint8Array> => {
    let [contents, hpke] = [0, suite.hpke]
    hpke = { ...suite.hpke, encryptAead: (k, n, aad, plain) => suite.hpke.encryptAead(k, n, aad, contents++ === 0 ? change(plain) : plain) }
    const odd: CiphersuiteImpl = { ...suite, hpke }
    const made = await createApplicationMessage({ context: { ...context, cipherSuite: odd }, state: unwrap(alice), message: utf8('odd') })
    return encodeMessage(made.message)
  }

  it('comes to what the library reads, and leaves the state that the library leaves', async () => {
    const anything = [fc.string({ maxLength: 400 }), fc.uint8Array({ maxLength: 100 })] as const
    await fc.assert(
      fc.asyncProperty(...anything, async (text, data) => {
        const message = privateMessage((await send(text, new Uint8Array(data))).message)
        const client = unwrap(bob)
        const theirs = await processPrivateMessage({ context, state: client, privateMessage: message })
        const ours = open(client, message)
        if (ours === null || theirs.kind !== 'applicationMessage') throw new Error('not read')
        expect(holds(ours)).toBe(true)
        expect(ours.plaintext).toEqual(theirs.message)
        expect(ours.client).toEqual(theirs.newState)
      }),
      { numRuns: 30 },
    )
  })

  it('is read one after another as far as they go, without changing what it was read from', async () => {
    const before = structuredClone(unwrap(bob).secretTree)
    let [sender, reader] = [alice, unwrap(bob)]
    for (let i = 0; i < 5; i++) {
      const sent = await party.engine.encrypt(sender, utf8(`${i}`), NONE)
      const opened = open(reader, privateMessage(sent.message))
      if (opened === null) throw new Error('not read')
      expect(Buffer.from(opened.plaintext).toString()).toBe(`${i}`)
      ;[sender, reader] = [sent.state, opened.client]
    }
    expect(unwrap(bob).secretTree).toEqual(before)
  })

  it('is left to the library where a key was skipped, used, or none was used yet', async () => {
    const second = await send('second')
    const third = await party.engine.encrypt(second.state, utf8('third'), NONE)
    expect(open(unwrap(bob), privateMessage(third.message))).toBeNull()
    expect(open(unwrap(stateOf(party, 2)), privateMessage(second.message))).toBeNull()
    const opened = open(unwrap(bob), privateMessage(second.message))
    if (opened === null) throw new Error('not read')
    expect(open(opened.client, privateMessage(second.message))).toBeNull()
  })

  it('is left to the library if it is a commit', async () => {
    const { commit } = await commitBy({ ...party, states: [alice] }, 0, { settings: utf8('settings 1') })
    expect(open(unwrap(bob), privateMessage(commit))).toBeNull()
  })

  it('is not read if a bit of it was changed on the way', async () => {
    const { message } = await send('as it was', utf8('data'))
    const client = unwrap(bob)
    for (let bit = 0; bit < message.length * 8; bit += 3) {
      const changed = message.with(bit >> 3, (message[bit >> 3] ?? 0) ^ (1 << (bit & 7)))
      expect(await outcome(party.engine.receive(wrap(client), changed, yes))).not.toBe('message')
    }
  })

  it('is not taken from another who signs in the name of its sender', async () => {
    const forger = wrap({ ...unwrap(alice), signaturePrivateKey: unwrap(stateOf(party, 2)).signaturePrivateKey })
    const { message } = await party.engine.encrypt(forger, utf8('not hers'), NONE)
    const opened = open(unwrap(bob), privateMessage(message))
    expect(opened && holds(opened)).toBe(false)
    expect(await outcome(party.engine.receive(bob, message, yes))).toBe('invalid')
  })

  it('is not taken with the signature of the same words in another epoch, by another leaf, or with other data', async () => {
    const message = privateMessage((await send('words', utf8('data'))).message)
    const client = unwrap(bob)
    const opened = open(client, message)
    const { groupContext } = client
    const other = open({ ...client, groupContext: { ...groupContext, treeHash: groupContext.treeHash.with(0, 1) } }, message)
    expect([opened && holds(opened), other && holds(other)]).toEqual([true, false])
  })

  it.each<[string, string, (content: Uint8Array) => Uint8Array]>([
    ['something behind it', 'invalid', (content) => content.with(-1, 1)],
    ['a length that is longer than it has to be', 'message', (content) => Uint8Array.of(0x40, ...content)],
    ['a length beyond its end', 'invalid', (content) => content.with(0, 0x7f)],
    ['no end of its signature', 'invalid', (content) => content.subarray(0, 20)],
    ['nothing in it', 'invalid', () => NONE],
  ])('is left to the library with %s', async (__, judged, change) => {
    const message = await sealing(change)
    expect(open(unwrap(bob), privateMessage(message))).toBeNull()
    expect(await outcome(party.engine.receive(bob, message, yes))).toBe(judged)
  })
})
