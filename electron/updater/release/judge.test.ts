import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { fromUtf8, utf8 } from '../../kernel/bytes.ts'
import { NOW, announce, keySetOf, makeMaker, makeMakers, makeRelease, rotate, signWith } from '../test-support/makers.ts'
import { MAX_ANNOUNCEMENT_BYTES, decodeAnnouncement, encodeAnnouncement } from './announcement.ts'
import { judgeAnnouncement } from './judge.ts'
import type { Installed, Seen } from './judge.ts'
import { encodeRelease } from './release.ts'

const makers = makeMakers()
const [ada, bo, cy] = makers
const pinned = keySetOf(makers)
const installed: Installed = { version: '1.2.0', platform: 'linux', arch: 'x64', kind: 'deb' }
const nothing: Seen = { newest: null, rotations: [] }
const facts = { pinned, seen: nothing, installed, now: NOW }
const good = announce(makeRelease(), [ada, cy])
const judge = (bytes: Uint8Array, change: Partial<typeof facts> = {}) => judgeAnnouncement(bytes, { ...facts, ...change })

const daysFromNow = (days: number): string => new Date(NOW + days * 86_400_000).toISOString().replace('.000', '')

test('what two of the three makers signed is believed, with their names and the file for this system', () => {
  expect(judge(good)).toMatchObject({
    ok: true,
    value: { signers: ['Ada', 'Cy'], release: { version: '1.3.0' }, file: { name: 'spacepanda_1.3.0_amd64.deb' } },
  })
  expect(judge(announce(makeRelease(), makers))).toMatchObject({ ok: true, value: { signers: ['Ada', 'Bo', 'Cy'] } })
})

test('the version that is installed is no update, and counts as seen', () => {
  const told = judge(announce(makeRelease({ version: '1.2.0' }), [ada, bo]))
  expect(told).toMatchObject({ ok: true, value: { file: null, seen: { newest: { date: '2026-11-26T09:00:00Z' } } } })
})

const stranger = makeMaker('Mallory')
const forgedBy = (forger: typeof ada) => {
  const text = fromUtf8(encodeRelease(makeRelease()))
  return encodeAnnouncement({
    release: text,
    signatures: [signWith(ada, utf8(text)), { ...signWith(forger, utf8(text)), key: bo.key }],
    rotations: [],
  })
}

describe('refused', () => {
  it.each([
    ['nobody’s signature', announce(makeRelease(), []), { kind: 'too-few-signatures', by: [], strangers: 0 }],
    ['one signature of two', announce(makeRelease(), [bo]), { kind: 'too-few-signatures', by: ['Bo'], strangers: 0 }],
    ['a wrong key beside a right one', announce(makeRelease(), [bo, stranger]), { kind: 'too-few-signatures', by: ['Bo'], strangers: 1 }],
    ['wrong keys only', announce(makeRelease(), [stranger, makeMaker('Eve')]), { kind: 'too-few-signatures', by: [], strangers: 2 }],
    ['the same key twice', announce(makeRelease(), [ada, ada]), { kind: 'repeated-key', by: 'Ada' }],
    ['the same key twice beside two right ones', announce(makeRelease(), [ada, bo, bo]), { kind: 'repeated-key', by: 'Bo' }],
    ['a wrong key under the name of a right one', forgedBy(stranger), { kind: 'bad-signature', by: 'Bo' }],
    ['an older version', announce(makeRelease({ version: '1.1.9' }), [ada, bo]), { kind: 'older-version', version: '1.1.9' }],
    ['a test build of this version', announce(makeRelease({ version: '1.2.0-test.9' }), [ada, bo]), { kind: 'older-version' }],
    ['one of more than 30 days ago', announce(makeRelease({ date: daysFromNow(-31) }), [ada, bo]), { kind: 'stale' }],
    ['one of the day after tomorrow', announce(makeRelease({ date: daysFromNow(2) }), [ada, bo]), { kind: 'from-the-future' }],
    ['more than it may be', new Uint8Array(MAX_ANNOUNCEMENT_BYTES + 1), { kind: 'too-large' }],
    ['nothing', new Uint8Array(0), { kind: 'malformed' }],
    ['half of it', good.subarray(0, good.length / 2), { kind: 'malformed' }],
    ['a space more', new Uint8Array([...good, 32]), { kind: 'malformed' }],
    ['a page of somebody’s network', utf8('<html>Log in first</html>'), { kind: 'malformed' }],
  ])('%s', (_what, bytes, refusal) => {
    expect(judge(bytes)).toMatchObject({ ok: false, error: refusal })
  })

  it('a file for another platform, architecture or kind of package', () => {
    for (const change of [{ platform: 'darwin' }, { arch: 'arm64' }, { kind: 'AppImage' as const }])
      expect(judge(good, { installed: { ...installed, ...change } })).toMatchObject({ ok: false, error: { kind: 'not-for-this-system' } })
  })

  it('what is signed and yet no release', () => {
    const text = '{"format":"spacepanda-release-1"}\n'
    const signatures = [ada, bo].map((maker) => signWith(maker, utf8(text)))
    expect(judge(encodeAnnouncement({ release: text, signatures, rotations: [] }))).toMatchObject({ error: { kind: 'malformed' } })
  })

  it('an announcement older than the newest one seen, or another one of the same second; the same one is heard again', () => {
    const first = judge(good)
    if (!first.ok) throw new Error('refused')
    const { seen } = first.value
    expect(judge(good, { seen })).toMatchObject({ ok: true })
    const earlier = announce(makeRelease({ date: '2026-11-26T08:59:59Z' }), [ada, bo])
    expect(judge(earlier)).toMatchObject({ ok: true })
    expect(judge(earlier, { seen })).toMatchObject({ error: { kind: 'replayed', newest: '2026-11-26T09:00:00Z' } })
    const twin = announce(makeRelease({ notes: 'Something else.' }), [ada, bo])
    expect(judge(twin, { seen })).toMatchObject({ error: { kind: 'replayed' } })
    const later = announce(makeRelease({ date: '2026-11-26T09:00:01Z' }), [ada, bo])
    expect(judge(later, { seen })).toMatchObject({ ok: true })
  })

  it('up to the limits of time, it is believed', () => {
    for (const days of [-30, 1]) expect(judge(announce(makeRelease({ date: daysFromNow(days) }), [ada, bo]))).toMatchObject({ ok: true })
  })
})

describe('replacing keys', () => {
  const next = makeMakers(['Dee', 'Eli', 'Fay'])
  const second = keySetOf([next[0], next[1], ada], 1)
  const third = keySetOf(next, 2)
  const toSecond = rotate(second, [ada, bo])
  const toThird = rotate(third, [next[0], ada])
  const byNext = (rotations = [toSecond]) => announce(makeRelease(), [next[0], next[1]], rotations)

  it('two of the old keys name the new ones, step by step', () => {
    expect(judge(byNext())).toMatchObject({ ok: true })
    expect(judge(announce(makeRelease(), [next[1], next[2]], [toSecond, toThird]))).toMatchObject({ ok: true })
    expect(judge(byNext([]))).toMatchObject({ error: { kind: 'too-few-signatures', strangers: 2 } })
  })

  it.each([
    ['one old key', rotate(second, [ada])],
    ['the new keys themselves', rotate(second, [next[0], next[1]])],
    ['the same old key twice', rotate(second, [bo, bo])],
    ['a step left out', toThird],
    ['text after it', { ...toSecond, statement: `${toSecond.statement} ` }],
  ])('is refused: %s', (_what, rotation) => {
    expect(judge(byNext([rotation]))).toMatchObject({ ok: false, error: { kind: 'bad-rotation' } })
  })

  it('is remembered: the old keys are worth nothing afterwards, and the statement need not come again', () => {
    const told = judge(byNext())
    if (!told.ok) throw new Error('refused')
    const seen = { newest: null, rotations: told.value.seen.rotations }
    expect(judge(byNext([]), { seen })).toMatchObject({ ok: true })
    expect(judge(announce(makeRelease(), [bo, cy]), { seen })).toMatchObject({ error: { kind: 'too-few-signatures', strangers: 2 } })
    const other = rotate(keySetOf(makeMakers(), 1), [bo, cy])
    expect(judge(announce(makeRelease(), [bo, cy], [other]), { seen })).toMatchObject({ error: { kind: 'too-few-signatures' } })
  })

  it('whoever writes into what is remembered gains no key', () => {
    const mallorys = makeMakers()
    const own = rotate(keySetOf(mallorys, 1), [mallorys[0], mallorys[1]])
    const seen = { newest: null, rotations: [own] }
    expect(judge(announce(makeRelease(), mallorys), { seen })).toMatchObject({ error: { kind: 'too-few-signatures', strangers: 3 } })
    expect(judge(good, { seen })).toMatchObject({ ok: true, value: { seen: { rotations: [] } } })
  })

  it('a program that pins the new keys already reads the old statement and goes on', () => {
    expect(judge(byNext(), { pinned: second })).toMatchObject({ ok: true, value: { seen: { rotations: [] } } })
  })
})

describe('whatever a server sends', () => {
  const byte = fc.record({ at: fc.nat(good.length - 1), value: fc.nat(255) })

  it('with any byte changed it is refused or it is the same release', () => {
    const original = judge(good)
    fc.assert(
      fc.property(fc.array(byte, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Uint8Array.from(good)
        for (const { at, value } of changes) bytes[at] = value
        const told = judge(bytes)
        expect(told.ok ? told : original).toEqual(original)
        return !told.ok || Buffer.compare(bytes, good) === 0
      }),
      { numRuns: 2_000 },
    )
  })

  it('with one bit of it flipped it is refused', () => {
    for (let at = 0; at < good.length; at += 7) {
      const bytes = Uint8Array.from(good)
      bytes[at] = (bytes[at] ?? 0) ^ 1
      expect(judge(bytes).ok).toBe(false)
    }
  })

  it('cut off anywhere it is refused', () => {
    for (let length = 0; length < good.length; length += 3)
      expect(judge(good.subarray(0, length))).toMatchObject({ error: { kind: 'malformed' } })
  })

  it('any bytes are refused without a fault', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => !judge(bytes).ok))
    fc.assert(fc.property(fc.json(), (text) => !judge(utf8(text)).ok))
  })
})

describe('what a release may say', () => {
  const [deb] = makeRelease().files
  if (deb === undefined) throw new Error('no file')
  it.each([
    ['a path for a name', { files: [{ ...deb, name: '../../etc/passwd' }] }],
    ['a name that begins with a dot', { files: [{ ...deb, name: '.bashrc' }] }],
    ['an option for a name', { files: [{ ...deb, name: '-rf' }] }],
    ['a name for two files', { files: [deb, { ...deb, arch: 'arm64' as const }] }],
    ['two files for one system', { files: [deb, { ...deb, name: 'b.deb' }] }],
    ['no file', { files: [] }],
    ['a file of nothing', { files: [{ ...deb, size: 0 }] }],
    ['a file of 2 GiB', { files: [{ ...deb, size: 2 ** 31 }] }],
    ['a hash of another length', { files: [{ ...deb, sha512: 'ab' }] }],
    ['text that turns around', { notes: 'a\u202Eb' }],
    ['text for a terminal', { notes: '\u001B[2J' }],
    ['a book of text', { notes: 'x'.repeat(8_001) }],
    ['a date with a zone', { date: '2026-11-26T09:00:00+01:00' }],
    ['a day that is none', { date: '2026-02-30T09:00:00Z' }],
    ['more than everybody', { rollout: 101 }],
    ['a version of somebody else', { version: 'latest' }],
  ])('not %s', (_what, change) => {
    expect(() => encodeRelease(makeRelease(change))).toThrow()
  })

  it('an announcement is one text only', () => {
    expect(decodeAnnouncement(good)).not.toBeNull()
    const reordered = JSON.stringify({ rotations: [], ...(JSON.parse(fromUtf8(good)) as object) }, null, 2)
    expect(decodeAnnouncement(utf8(`${reordered}\n`))).toBeNull()
  })
})
