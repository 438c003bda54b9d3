import { describe, expect, it } from 'vitest'
import { NoWayError, probeRelay, whyNoAnswer, whyNoPlace } from './relay-probe.ts'

const named = (name: string, message = '', rest: object = {}) => Object.assign(new Error(message), { name, ...rest })
const never = new AbortController().signal

describe('why a relay does not answer', () => {
  it.each([
    ['refuses', named('Error', 'connection error 203.0.113.7:4001', { code: 'ECONNREFUSED' })],
    ['refuses', new AggregateError([named('Error', '', { code: 'ECONNREFUSED' }), named('AbortError')])],
    ['refuses', new Error('wrapped', { cause: named('Error', '', { code: 'ECONNREFUSED' }) })],
    ['no-way', named('Error', '', { code: 'ENETUNREACH' })],
    ['no-way', named('Error', '', { code: 'EHOSTUNREACH' })],
    ['no-way', new NoWayError()],
    ['silent', named('Error', '', { code: 'ETIMEDOUT' })],
    ['silent', named('AbortError')],
    ['silent', named('EncryptionFailedError', 'The operation was aborted')],
    ['other-key', named('EncryptionFailedError', 'Payload identity key A does not match expected remote identity key B')],
    ['not-understood', named('Error', '', { code: 'ECONNRESET' })],
    ['not-understood', named('EncryptionFailedError', 'unexpected end of input')],
    ['not-understood', 'no error at all'],
  ] as const)('is %s', (why, thrown) => expect(whyNoAnswer(thrown)).toBe(why))
})

it('tells apart why there is no place, and keeps what was known where libp2p only repeats itself', () => {
  expect(whyNoPlace(named('UnsupportedProtocolError'))).toBe('no-relay')
  expect(whyNoPlace(named('Error', 'reservation failed with status PERMISSION_DENIED'))).toBe('refused')
  expect(whyNoPlace(named('ListenError', 'The relay was previously invalid'))).toBeNull()
  expect(whyNoPlace(named('StreamResetError'))).toBe('lost')
})

describe('a relay that is probed', () => {
  let left = 0
  const way = { goTo: async () => () => void (left += 1), ping: async () => 7, reserve: async () => 'held' as const }

  it('answers with how long it takes, and the place', async () => {
    left = 0
    expect(await probeRelay(way, never)).toEqual({ kind: 'answers', ms: 7, place: 'held' })
    expect(left).toBe(1)
  })

  it('is silent where the connection was only thought to be open, and is asked for no place then', async () => {
    let asked = 0
    const dead = { ...way, ping: async () => Promise.reject(new Error('dead')), reserve: async () => ((asked += 1), 'held' as const) }
    expect(await probeRelay(dead, never)).toEqual({ kind: 'no-answer', why: 'silent' })
    expect(asked).toBe(0)
  })

  it('is given up when nobody wants to know any more', async () => {
    const control = new AbortController()
    const goTo = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(named('AbortError'))))
    const probed = probeRelay({ ...way, goTo }, control.signal)
    control.abort()
    expect(await probed).toEqual({ kind: 'no-answer', why: 'silent' })
  })
})
