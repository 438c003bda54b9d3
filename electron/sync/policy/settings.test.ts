import { encode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChannelId, InvitationId, MemberId } from '../../../shared/domain/ids.ts'
import type { Role } from '../../../shared/domain/models.ts'
import { limits } from '../../../shared/ipc/limits.ts'
import { toHex } from '../../kernel/bytes.ts'
import { toCbor } from '../../kernel/cbor.ts'
import { AT, idOf, invitation, people, REQUEST, settings, signed } from '../../testing/fixtures/space-settings.ts'
import { EARLIER_KEYS } from './recognition-key.ts'
import { decodeSettings, encodeSettings, LATEST_TIME, settingsLimits } from './settings.ts'
import type { SpaceSettings } from './settings.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((b) => new Uint8Array(b))
const id = <T extends string>() => bytes(16).map((b) => toHex(b) as T)
const time = fc.integer({ min: 0, max: LATEST_TIME })
const count = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .map((text) => text.replace(/[\p{C}]/gu, '').trim())
  .filter((text) => text.length > 0 && text.length <= 64)
const role = fc.constantFrom<Role>('owner', 'admin', 'moderator', 'member', 'guest')

const anySettings: fc.Arbitrary<SpaceSettings> = fc.record({
  kind: fc.constantFrom('space' as const, 'private' as const, 'direct' as const),
  name,
  createdAt: time,
  presenceKey: bytes(32),
  earlierKeys: fc.array(bytes(32), { maxLength: EARLIER_KEYS }),
  channels: fc.uniqueArray(
    fc.record({ channelId: id<ChannelId>(), name, kind: fc.constantFrom('open' as const, 'private' as const, 'pseudonymous' as const) }),
    { selector: (c) => c.channelId, maxLength: 5 },
  ),
  roles: fc.uniqueArray(fc.tuple(id<MemberId>(), role), { selector: ([m]) => m, maxLength: 5 }).map((entries) => new Map(entries)),
  invitations: fc.uniqueArray(
    fc.record({
      invitationId: id<InvitationId>(),
      publicKey: bytes(32),
      role,
      createdBy: id<MemberId>(),
      expiresAt: time,
      maxUses: fc.option(fc.integer({ min: 1, max: 1_000 })),
      uses: count,
      revoked: fc.boolean(),
    }),
    { selector: (i) => i.invitationId, maxLength: 5 },
  ),
  admission: fc.option(
    fc.record({ invitationId: id<InvitationId>(), requestId: id<string>(), memberId: id<MemberId>(), at: time, signature: bytes(64) }),
  ),
  history: fc.oneof(
    fc.constant({ kind: 'none' as const }),
    fc.constant({ kind: 'all' as const }),
    fc.record({ kind: fc.constant('last' as const), count: fc.integer({ min: 1, max: limits.historyCount }) }),
  ),
})

const full = (): SpaceSettings =>
  settings({
    admission: { invitationId: idOf(0xc0), requestId: REQUEST, memberId: people.newcomer, at: AT, signature: signed() },
  })

describe('the settings of a space', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(anySettings, (value) => {
        expect(decodeSettings(encodeSettings(value))).toEqual(value)
      }),
    )
  })

  it('keep the order of channels, which is the order in which they are shown', () => {
    const reversed = settings({ channels: settings().channels.toReversed() })
    expect(decodeSettings(encodeSettings(reversed))?.channels.map((c) => c.name)).toEqual(['music', 'general'])
  })

  it('are refused when any of their end is missing', () => {
    const whole = encodeSettings(full())
    for (let length = 0; length < whole.length; length++) expect(decodeSettings(whole.subarray(0, length))).toBeNull()
  })

  it('have one form only: a changed bit is refused or means something else', () => {
    const whole = encodeSettings(full())
    const seen = new Set([toHex(whole)])
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const damaged = new Uint8Array(whole)
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const read = decodeSettings(damaged)
      if (read === null) continue
      const again = toHex(encodeSettings(read))
      expect(seen).not.toContain(again)
      seen.add(again)
    }
  })

  it('are refused with anything behind them', () => {
    expect(decodeSettings(new Uint8Array([...encodeSettings(full()), 0]))).toBeNull()
  })

  it('hold as many entries as their limits say, and not one more', () => {
    const channels = Array.from({ length: settingsLimits.channels + 1 }, (_, i) => ({
      channelId: i.toString(16).padStart(32, '0') as ChannelId,
      name: `c${i}`,
      kind: 'open' as const,
    }))
    const roles = Array.from({ length: settingsLimits.members + 1 }, (_, i): [MemberId, Role] => [
      i.toString(16).padStart(32, '0') as MemberId,
      'member',
    ])
    const invitations = Array.from({ length: settingsLimits.invitations + 1 }, (_, i) =>
      invitation({ invitationId: i.toString(16).padStart(32, '0') as InvitationId }),
    )
    const reads = (value: Partial<SpaceSettings>) => decodeSettings(encodeSettings(settings(value))) !== null
    expect(reads({ channels: channels.slice(1), roles: new Map(roles.slice(1)), invitations: invitations.slice(1) })).toBe(true)
    expect(reads({ channels })).toBe(false)
    expect(reads({ roles: new Map(roles) })).toBe(false)
    expect(reads({ invitations })).toBe(false)
  })
})

/** The wire form as plain values, to be spoilt one field at a time. */
interface Wire {
  [field: string]: unknown
  v: unknown
  channels: unknown[][]
  roles: unknown[][]
  invitations: unknown[][]
  admission: unknown[] | null
}
const b = (length: number, fill = 1) => new Uint8Array(length).fill(fill)
const wire = (): Wire => ({
  v: 1,
  name: 'Friends',
  at: 5,
  key: b(32),
  channels: [[b(16), 'general', 'open']],
  roles: [[b(16), 'owner']],
  invitations: [[b(16), b(32), 'member', b(16), 9, null, 0, false]],
  admission: [b(16), b(16), b(16), 7, b(64)],
})
const spoil = (how: (value: Wire) => void): Uint8Array => {
  const value = wire()
  how(value)
  return toCbor(value)
}
const set = (row: unknown[] | null | undefined, index: number, value: unknown) => {
  if (row) row[index] = value
}

describe('decodeSettings', () => {
  it('reads the form these tests spoil', () => {
    expect(decodeSettings(toCbor(wire()))).not.toBeNull()
  })

  it('reads format 1 as it always did, and format 2 with what it adds', () => {
    expect(decodeSettings(toCbor(wire()))?.history).toEqual({ kind: 'none' })
    expect(decodeSettings(spoil((v) => Object.assign(v, { v: 2, history: ['last', 50] })))?.history).toEqual({ kind: 'last', count: 50 })
    expect(decodeSettings(spoil((v) => Object.assign(v, { v: 2, history: ['all'] })))?.history).toEqual({ kind: 'all' })
  })

  it('is written in format 1 for as long as that will do, so that members with an older version read it', () => {
    expect(encodeSettings(settings())).not.toEqual(encodeSettings(settings({ history: { kind: 'all' } })))
    expect(Buffer.from(encodeSettings(settings())).includes('history')).toBe(false)
  })

  it.each<[string, (value: Wire) => void]>([
    ['another version', (v) => (v.v = 3)],
    ['format 2 without anything that needs it', (v) => (v.v = 2)],
    ['the history of newcomers in format 1', (v) => (v['history'] = ['all'])],
    ['no history, spelled out', (v) => Object.assign(v, { v: 2, history: ['none'] })],
    ['the last none of a history', (v) => Object.assign(v, { v: 2, history: ['last', 0] })],
    ['more of a history than there may be', (v) => Object.assign(v, { v: 2, history: ['last', limits.historyCount + 1] })],
    ['a field that format 2 does not know', (v) => Object.assign(v, { v: 2, history: ['all'], extra: 1 })],
    ['a field it does not know', (v) => (v['extra'] = 1)],
    ['a missing field', (v) => delete v['at']],
    ['an empty name', (v) => (v['name'] = '')],
    ['a name that is not trimmed', (v) => (v['name'] = ' Friends')],
    ['a name of blanks', (v) => (v['name'] = '   ')],
    ['a name that is too long', (v) => (v['name'] = 'x'.repeat(65))],
    ['a name that turns the text around', (v) => (v['name'] = 'a\u202eb')],
    ['a name with a line break', (v) => (v['name'] = 'a\nb')],
    ['a time before 1970', (v) => (v['at'] = -1)],
    ['a time no Date can hold', (v) => (v['at'] = LATEST_TIME + 1)],
    ['a fraction of a time', (v) => (v['at'] = 1.5)],
    ['a short presence key', (v) => (v['key'] = b(31))],
    ['a long presence key', (v) => (v['key'] = b(33))],
    ['a presence key as text', (v) => (v['key'] = 'k'.repeat(32))],
    ['a short channel id', (v) => set(v.channels[0], 0, b(15))],
    ['a kind of channel it does not know', (v) => set(v.channels[0], 2, 'voice')],
    ['a channel with a surplus field', (v) => v.channels[0]?.push(1)],
    ['a channel name that is not trimmed', (v) => set(v.channels[0], 1, 'general ')],
    ['a channel name with control characters', (v) => set(v.channels[0], 1, 'a\u0007')],
    ['the same channel twice', (v) => v.channels.push([b(16), 'other', 'open'])],
    ['a role it does not know', (v) => set(v.roles[0], 1, 'king')],
    ['a short member id', (v) => set(v.roles[0], 0, b(15))],
    ['two roles of one member', (v) => v.roles.push([b(16), 'guest'])],
    ['a short invitation key', (v) => set(v.invitations[0], 1, b(31))],
    ['an invitation for no use', (v) => set(v.invitations[0], 5, 0)],
    ['fewer than no uses', (v) => set(v.invitations[0], 6, -1)],
    ['an end no Date can hold', (v) => set(v.invitations[0], 4, LATEST_TIME + 1)],
    ['a revocation that is no truth value', (v) => set(v.invitations[0], 7, 0)],
    ['the same invitation twice', (v) => v.invitations.push([b(16), b(32, 2), 'guest', b(16), 9, null, 0, false])],
    ['a short admission signature', (v) => set(v.admission, 4, b(63))],
    ['half an admission', (v) => v.admission?.pop()],
  ])('refuses %s', (_, how) => {
    expect(decodeSettings(spoil(how))).toBeNull()
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['a list', encode([1])],
    ['null', encode(null)],
    ['a number beyond what is exact', spoil((v) => (v['at'] = 2n ** 60n))],
  ])('refuses %s', (_, encoded) => {
    expect(decodeSettings(encoded)).toBeNull()
  })

  it('takes any bytes without throwing', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => decodeSettings(noise) === null))
  })
})
