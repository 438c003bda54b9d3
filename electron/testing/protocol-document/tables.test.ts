import { describe, expect, it } from 'vitest'
import { toFrames } from '../../network/channel/message.ts'
import type { RefusalCode } from '../../network/channel/message.ts'
import { frontierRpc } from '../../network/protocols/frontier/frontier-rpc.ts'
import { handOverRpc } from '../../network/protocols/hand-over/hand-over-rpc.ts'
import { helloRpc } from '../../network/protocols/hello/hello-rpc.ts'
import { hintsRpc } from '../../network/protocols/hints/hints-rpc.ts'
import { historyRpc } from '../../network/protocols/history/history-rpc.ts'
import { joinRpc } from '../../network/protocols/join/join-rpc.ts'
import { mailboxRpc } from '../../network/protocols/mailbox/mailbox-rpc.ts'
import { leaveRpc } from '../../network/protocols/leave/leave-rpc.ts'
import { objectsRpc } from '../../network/protocols/objects/objects-rpc.ts'
import { returnRpc } from '../../network/protocols/return/return-rpc.ts'
import { welcomeRpc } from '../../network/protocols/welcome/welcome-rpc.ts'
import type { RpcLimits } from '../../network/protocols/rpc.ts'
import { PROTOCOLS } from '../../network/sessions/serve-streams.ts'
import type { MailboxRefusal } from '../../ports/mailbox.ts'
import type { JoinRefusal, LeaveAnswer, ObjectAck, ReturnAnswer } from '../../ports/wire.ts'
import { page, rowOf } from './document.ts'

const rpcs: readonly { id: string; limits: RpcLimits }[] = [
  ...[helloRpc, joinRpc, objectsRpc, frontierRpc],
  ...[hintsRpc, historyRpc, handOverRpc, leaveRpc, returnRpc, welcomeRpc, mailboxRpc],
]

describe('the table of protocols', () => {
  it('has all there are and no other', () => {
    const all = [...PROTOCOLS, mailboxRpc.id].sort()
    expect(all).toEqual(rpcs.map(({ id }) => id).sort())
    expect([...page.matchAll(/^\| `(\/spacepanda\/[^`]+)`/gm)].map(([, id]) => id).sort()).toEqual(all)
  })

  it.each(rpcs.map(({ id, limits }) => [id, limits] as const))(
    'says the limits of %s',
    (id, { requestBytes, responseBytes, responseMs }) => {
      const [, , request, answer, deadline] = rowOf(id) ?? []
      const inFull = (bytes: number): string => bytes.toLocaleString('en')
      expect([request, answer, deadline]).toEqual([inFull(requestBytes), inFull(responseBytes), `${responseMs / 1_000} s`])
    },
  )
})

type RefusedWith<A> = A extends { kind: 'refused'; code: infer C extends string } ? C : never

/** Each code there is, by the types: one that is new does not compile before it is here. */
const refusals: Record<RefusalCode, number> = { 'not-shared': 0, failed: 1, crossed: 2 }
const join: Record<JoinRefusal, true> = {
  'invitation-malformed': true,
  'invitation-expired': true,
  'invitation-used-up': true,
  'invitation-revoked': true,
  'invitation-wrong-space': true,
  'already-member': true,
  'not-permitted': true,
  removed: true,
}
const leave: Record<RefusedWith<LeaveAnswer>, true> = { malformed: true, 'last-owner': true }
const back: Record<RefusedWith<ReturnAnswer>, true> = { 'not-member': true, malformed: true }
const mailbox: Record<MailboxRefusal, true> = { clock: true, signature: true, 'tag-full': true, 'mailbox-full': true }
const acks: Record<ObjectAck, true> = { stored: true, 'unknown-epoch': true, later: true, rejected: true }

describe('the table of codes', () => {
  it.each(Object.entries(refusals))('says the byte of %s', (code, byte) => {
    expect([...toFrames({ kind: 'refusal', id: 0, code: code as RefusalCode })].map(({ body }) => [...body])).toEqual([[byte]])
    expect(rowOf(code)?.[1]).toBe(`refusal, byte ${byte}`)
  })

  it.each([
    ['join', join],
    ['leave', leave],
    ['return', back],
    ['mailbox', mailbox],
  ])('has those of %s', (protocol, codes) => {
    for (const code of Object.keys(codes)) expect(rowOf(code)?.[1]?.split(', '), code).toContain(protocol)
  })

  it('has no others', () => {
    const [, table = ''] = /\n## Codes\n([^]*?)\n## /.exec(page) ?? []
    const named = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, code]) => code)
    expect(named.sort()).toEqual([...new Set([refusals, join, leave, back, mailbox].flatMap((codes) => Object.keys(codes)))].sort())
  })

  it('is joined by one of acks', () => {
    for (const ack of Object.keys(acks)) expect(rowOf(ack), ack).not.toBeNull()
  })
})
