import type { Eid, PeerId } from '../../../../shared/domain/ids.ts'
import { ed25519PublicKey, ed25519Sign } from '../../../identity/index.ts'
import { toHex, utf8 } from '../../../kernel/bytes.ts'
import { Redacted } from '../../../kernel/redacted.ts'
import { peerIdOf } from '../../../network/create-network.ts'
import { mailboxRpc } from '../../../network/protocols/mailbox/mailbox-rpc.ts'
import type { MailboxAnswer, MailboxRequest } from '../../../ports/mailbox.ts'
import { KEPT_MS } from '../../../relay/mailbox/limits.ts'
import { dayKeys, dayOf } from '../../../sync/mailbox/day-keys.ts'
import { seal, sealedHash, unseal } from '../../../sync/mailbox/seal.ts'
import { makeGet, makePut, receiptStatement } from '../../../sync/mailbox/statements.ts'
import { idOf } from '../../fixtures/space-settings.ts'
import { cborExample, valuesExample } from '../example.ts'
import type { Example, HexExample } from '../example.ts'
import { fill, GROUP, NOON, settings } from '../people.ts'
import { signed } from './claims.ts'

const SEED = fill(11)
const mailbox: PeerId = await peerIdOf(new Redacted(SEED))
const day = dayOf(NOON)
const keys = dayKeys(GROUP, settings.presenceKey, day)
const object = { eid: idOf<Eid>(0xb1), bytes: utf8('an MLS message') }
const sealed = seal(keys, object)
const hash = sealedHash(sealed)
const put = makePut(keys, mailbox, [sealed], NOON)
const get = makeGet(keys, mailbox, 0, NOON)
const kept = { tag: keys.tag, hash, storedAt: NOON, keptUntil: NOON + KEPT_MS }
const receipt = ed25519Sign(SEED, receiptStatement(kept))

const request = (name: string, value: MailboxRequest): HexExample =>
  cborExample(name, value, { encode: mailboxRpc.encodeRequest, decode: mailboxRpc.decodeRequest })
const answer = (name: string, to: MailboxRequest, value: MailboxAnswer): HexExample =>
  cborExample(name, value, { encode: mailboxRpc.encodeResponse, decode: (bytes) => mailboxRpc.decodeResponse(bytes, to) })

/** Ann puts an object into a mailbox on the day of all examples. */
export const mailboxExamples: readonly Example[] = [
  valuesExample('mailbox-keys', {
    'presence key': settings.presenceKey,
    group: GROUP,
    day: String(day),
    seed: keys.seed,
    'sealing key': keys.sealingKey,
    'nonce key': keys.nonceKey,
    tag: keys.tag,
  }),
  valuesExample(
    'mailbox-sealed',
    { eid: object.eid, object: object.bytes, nonce: sealed.subarray(0, 12), 'last 16 bytes': sealed.subarray(-16), 'SHA-256': hash },
    () => toHex(unseal(keys, sealed)?.bytes ?? keys.tag) === toHex(object.bytes),
  ),
  signed(
    'mailbox-put-statement',
    { label: 'spacepanda/mailbox/1', kind: 'put', mailbox, tag: keys.tag, at: NOON, objects: [hash] },
    keys.tag,
    put.signature,
  ),
  signed(
    'mailbox-get-statement',
    { label: 'spacepanda/mailbox/1', kind: 'get', mailbox, tag: keys.tag, at: NOON, after: 0 },
    keys.tag,
    get.signature,
  ),
  request('mailbox-put', put),
  answer('mailbox-stored', put, { kind: 'stored', receipts: [{ storedAt: NOON, keptUntil: kept.keptUntil, signature: receipt }] }),
  signed('mailbox-receipt-statement', { label: 'spacepanda/mailbox-receipt/1', ...kept }, ed25519PublicKey(SEED), receipt),
  request('mailbox-get', get),
  answer('mailbox-page', get, { kind: 'page', objects: [], next: 0, more: false, mark: null, nextMark: null }),
  answer('mailbox-refused', put, { kind: 'refused', code: 'tag-full' }),
]
