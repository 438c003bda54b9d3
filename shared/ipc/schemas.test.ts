import { describe, expect, it } from 'vitest'
import { contract, methods } from './contract.ts'
import { channelName, displayName, invitableRole, limits, messageText, passphrase, spaceId, trimmedName } from './schemas.ts'

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) => schema.safeParse(value).success

describe('a name', () => {
  it.each(['Ann', '界', 'Zoë de la Cruz', "O'Brien", '👩‍🚀', 'x'.repeat(limits.name)])('may be %j', (name) => {
    expect(displayName.parse(name)).toBe(name)
  })

  it('is taken without the blanks around it, before it is measured', () => {
    expect(displayName.parse(`  ${'x'.repeat(limits.name)} `)).toBe('x'.repeat(limits.name))
  })

  it('that is not typed but read is refused with blanks around it, which nobody wrote', () => {
    expect(accepts(trimmedName, 'Ann')).toBe(true)
    for (const name of [' Ann', 'Ann ', 'Ann\u00a0', '\u2003Ann']) expect(accepts(trimmedName, name), JSON.stringify(name)).toBe(false)
  })

  it.each([
    ['empty', ''],
    ['blank', ' \t '],
    ['too long', 'x'.repeat(limits.name + 1)],
    ['of two lines', 'a\nb'],
    ['with a zero', 'a\u0000b'],
    ['with an escape', 'a\u001bb'],
    ['with a control of eight bits', 'a\u0085b'],
    ['turned around', 'a\u202eb'],
    ['isolated', 'a\u2067b'],
    ['a number', 7],
    ['nothing', null],
  ])('may not be %s', (_, name) => {
    expect([accepts(displayName, name), accepts(trimmedName, name)]).toEqual([false, false])
  })
})

describe('the name of a channel', () => {
  it.each([
    ['board', 'board'],
    ['#board', 'board'],
    [' # board ', 'board'],
    ['##board', 'board'],
    ['board #2', 'board #2'],
  ])('%j is %j', (typed, name) => {
    expect(channelName.parse(typed)).toBe(name)
    expect(channelName.parse(name)).toBe(name)
  })

  it.each(['', '#', ' # ', `#${'x'.repeat(limits.name + 1)}`, 'a\u0000'])('%j is none', (typed) => {
    expect(channelName.safeParse(typed).success).toBe(false)
  })
})

describe('the text of a message', () => {
  it.each(['half \ud83d', '\udc3c half', 'a\0b'])('%j is refused: it is no text', (text) => {
    expect(messageText.safeParse(text).success).toBe(false)
  })

  it('is kept as it was typed', () => {
    const text = '  indented\n\n\tcode \u202e '
    expect(messageText.parse(text)).toBe(text)
  })

  it.each([
    ['', false],
    [' \n\t ', false],
    ['x'.repeat(limits.text), true],
    ['x'.repeat(limits.text + 1), false],
  ])('%#', (text, expected) => {
    expect(accepts(messageText, text)).toBe(expected)
  })
})

describe('a passphrase', () => {
  it('is long enough and not endless, and kept with its blanks', () => {
    expect(accepts(passphrase, 'x'.repeat(limits.passphraseLeast - 1))).toBe(false)
    expect(passphrase.parse('  blanks  ')).toBe('  blanks  ')
    expect(accepts(passphrase, 'long enough'.repeat(limits.passphrase))).toBe(false)
  })

  it.each([
    ['one key held down', 'aaaaaaaaaaaa', false],
    ['two in turn', 'abababababab', false],
    ['a row of digits', '12345678', false],
    ['a row backwards', 'ihgfedcba', false],
    ['white space', ' '.repeat(12), false],
    ['a word with repetitions', 'mississippi', true],
    ['few random words', 'four quiet bamboo groves', true],
  ])('is not of the kind that is tried first: %s', (_, text, expected) => {
    expect(accepts(passphrase, text)).toBe(expected)
  })
})

describe('an id', () => {
  it.each([
    ['ab'.repeat(16), true],
    ['AB'.repeat(16), false],
    ['ab'.repeat(15), false],
    [`${'ab'.repeat(16)}\n`, false],
    ['zz'.repeat(16), false],
    [7, false],
  ])('%j', (id, expected) => {
    expect(accepts(spaceId, id)).toBe(expected)
  })
})

describe('a role one can be invited to', () => {
  it('is any but that of the owner', () => {
    expect(['admin', 'moderator', 'member', 'guest'].every((role) => accepts(invitableRole, role))).toBe(true)
    expect(accepts(invitableRole, 'owner')).toBe(false)
  })
})

describe('the contract', () => {
  it.each(methods)('%s takes no argument it does not name, and nothing that is no object', (method) => {
    const { args } = contract[method]
    expect(accepts(args, { surplus: 1 })).toBe(false)
    for (const value of [null, undefined, [], 'x', 7]) expect(accepts(args, value)).toBe(false)
  })

  it.each<[string, unknown, boolean]>([
    ['a minute', 60_000, true],
    ['less', 59_999, false],
    ['thirty days', 30 * 86_400_000, true],
    ['more', 30 * 86_400_000 + 1, false],
    ['a fraction', 60_000.5, false],
    ['for ever', Infinity, false],
  ])('invitations may last %s', (_, expiresInMs, expected) => {
    expect(accepts(contract['invitations.create'].args, { spaceId: 'ab'.repeat(16), expiresInMs })).toBe(expected)
  })

  it('fills in what may be left out', () => {
    expect(contract['invitations.create'].args.parse({ spaceId: 'ab'.repeat(16) })).toMatchObject({
      role: 'member',
      maxUses: null,
      expiresInMs: 7 * 86_400_000,
    })
    expect(contract['messages.send'].args.parse({ channelId: 'ab'.repeat(16), text: 'x' })).toMatchObject({ replyTo: null })
  })

  it.each([
    [0, false],
    [1, true],
    [limits.page, true],
    [limits.page + 1, false],
  ])('a page of %i messages', (limit, expected) => {
    expect(accepts(contract['messages.page'].args, { channelId: 'ab'.repeat(16), limit })).toBe(expected)
  })
})
