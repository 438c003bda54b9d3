import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contract } from '../../../shared/ipc/contract.ts'
import type { Api } from '../../../shared/ipc/contract.ts'
import { AppError } from '../../kernel/errors.ts'
import type { LogFields, Logger } from '../../kernel/logger.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { createDispatch } from './dispatch.ts'

/** An API whose every method answers with its name and the arguments it was given. */
const echo = Object.fromEntries(
  Object.keys(contract).map((method) => [method, async (args: unknown) => ({ method, args })]),
) as unknown as Api

const recorder = (): { logger: Logger; lines: string[] } => {
  const lines: string[] = []
  const write = (event: string, fields?: LogFields): void => void lines.push(JSON.stringify({ event, fields }))
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger }
  return { logger, lines }
}

const id = 'a'.repeat(32)

describe('createDispatch', () => {
  const dispatch = createDispatch(echo, silentLogger)

  it('passes checked arguments with their defaults', async () => {
    expect(await dispatch('messages.page', { channelId: id })).toEqual({
      ok: true,
      value: { method: 'messages.page', args: { channelId: id, limit: 50, before: null, after: null, around: null } },
    })
  })

  it.each([
    '',
    'nothing',
    'toString',
    'constructor',
    '__proto__',
    'hasOwnProperty',
    7,
    null,
    undefined,
    ['spaces.list'],
    { toString: () => 'spaces.list' },
  ])('knows no method %j', async (method) => {
    expect(await dispatch(method, {})).toMatchObject({ ok: false, error: { code: 'usage' } })
  })

  it.each([
    ['spaces.list', { extra: 1 }],
    ['spaces.list', null],
    ['spaces.list', undefined],
    ['spaces.list', []],
    ['spaces.create', {}],
    ['spaces.create', { name: '' }],
    ['spaces.create', { name: 'a\u202eb' }],
    ['spaces.create', { name: 'x'.repeat(65) }],
    ['members.list', { spaceId: '../../etc' }],
    ['members.list', { spaceId: id.toUpperCase() }],
    ['messages.send', { channelId: id, text: '   ' }],
    ['messages.send', { channelId: id, text: 'x'.repeat(16_001) }],
    ['messages.page', { channelId: id, limit: 1e9 }],
    ['profile.create', { name: 'Ada', passphrase: 'short' }],
  ])('refuses %s with %j', async (method, args) => {
    expect(await dispatch(method, args)).toMatchObject({ ok: false, error: { code: 'invalid' } })
  })

  it('says which field broke which rule, and never what was in it', async () => {
    const answer = await dispatch('profile.create', { name: 'Ada', passphrase: 'hunter2' })
    expect(answer).toEqual({ ok: false, error: { code: 'invalid', message: 'The passphrase must be at least 8 characters.' } })
  })

  it('passes coded errors through', async () => {
    const refusing = createDispatch(
      {
        ...echo,
        'spaces.list': async () => {
          throw new AppError('locked', 'Unlock it first.')
        },
      },
      silentLogger,
    )
    expect(await refusing('spaces.list', {})).toEqual({ ok: false, error: { code: 'locked', message: 'Unlock it first.' } })
  })

  it('keeps faults of its own to itself: a code for the caller, a name for the log', async () => {
    const { logger, lines } = recorder()
    const faulty = createDispatch(
      {
        ...echo,
        'spaces.create': async ({ name }) => {
          throw new RangeError(`detail of ${name}`)
        },
      },
      logger,
    )
    const answer = await faulty('spaces.create', { name: 'Burrow' })
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('RangeError')
    expect(lines.join() + JSON.stringify(answer)).not.toMatch(/Burrow|detail/)
  })

  it('answers anything with a result', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constantFrom(...Object.keys(contract)), fc.anything()), fc.anything(), async (method, args) => {
        expect(await dispatch(method, args)).toHaveProperty('ok')
      }),
    )
  })
})
