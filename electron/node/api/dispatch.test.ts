import { describe, expect, it } from 'vitest'
import type { Api } from '../../../shared/ipc/contract.ts'
import { AppError } from '../../kernel/errors.ts'
import { silentLogger } from '../../kernel/logger.ts'
import type { LogFields } from '../../kernel/logger.ts'
import { createDispatch } from './dispatch.ts'

const make = (api: Partial<Api> = {}) => {
  const logged: LogFields[] = []
  const logger = { ...silentLogger, error: (_: string, fields?: LogFields) => logged.push(fields ?? {}) }
  return { logged, dispatch: createDispatch(api as Api, logger) }
}
const ID = 'ab'.repeat(16)

describe('a call', () => {
  it('reaches its method with its arguments as the contract has them, defaults included', async () => {
    const { dispatch } = make({
      'messages.page': async (args) => ({ messages: [], nextCursor: JSON.stringify(args), previousCursor: null }),
    })
    expect(await dispatch('messages.page', { channelId: ID })).toEqual({
      ok: true,
      value: {
        messages: [],
        nextCursor: JSON.stringify({ channelId: ID, limit: 50, before: null, after: null, around: null }),
        previousCursor: null,
      },
    })
  })

  it.each([['nothing'], ['__proto__'], ['constructor'], ['hasOwnProperty'], [''], [undefined], [null], [3], [{}], [['spaces.list']]])(
    'to %j is no call',
    async (method) => {
      expect(await make().dispatch(method, {})).toMatchObject({ ok: false, error: { code: 'usage' } })
    },
  )

  it.each<[string, unknown, string]>([
    ['spaces.list', undefined, 'The call was not understood.'],
    ['spaces.list', { extra: 1 }, 'The call was not understood.'],
    ['spaces.create', { name: '' }, 'The name must not be empty.'],
    ['spaces.create', { name: 'x'.repeat(65) }, 'The name must be at most 64 characters.'],
    ['spaces.create', { name: 'secret\u0007' }, 'The name must not hold control characters.'],
    ['spaces.create', { name: 7 }, 'The name is not valid.'],
    ['members.list', { spaceId: 'secret' }, 'The id of the space must be 32 hexadecimal digits.'],
    ['messages.send', { channelId: ID, text: '  \n ' }, 'The text must not be empty.'],
  ])('%s with %j is refused in words that do not repeat it', async (method, args, message) => {
    const { dispatch } = make()
    expect(await dispatch(method, args)).toEqual({ ok: false, error: { code: 'invalid', message } })
  })

  it('that fails for a reason gives it', async () => {
    const { dispatch, logged } = make({ 'spaces.list': () => Promise.reject(new AppError('locked', 'Locked.')) })
    expect(await dispatch('spaces.list', {})).toEqual({ ok: false, error: { code: 'locked', message: 'Locked.' } })
    expect(logged).toEqual([])
  })

  it.each([
    ['rejects', () => Promise.reject(new TypeError('secret'))],
    [
      'throws at once',
      () => {
        throw new TypeError('secret')
      },
    ],
  ])('whose method %s with a fault tells nothing of it, and the log its name only', async (_, method) => {
    const { dispatch, logged } = make({ 'spaces.list': method })
    const answer = await dispatch('spaces.list', {})
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } })
    expect(JSON.stringify([answer, logged])).not.toContain('secret')
    expect(logged).toEqual([{ method: 'spaces.list', fault: 'TypeError' }])
  })
})
