import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import { backoffMs } from './backoff.ts'
import { BACKOFF_CAP_MS, CROSSING_MS, DIAL_DEADLINE_MS, HANDSHAKE_DEADLINE_MS, IDLE_MS, PROVE_DEADLINE_MS, STABLE_MS } from './constants.ts'
import { initialSession, stepSession } from './session-machine.ts'
import type { SessionEffect, SessionEnv, SessionInput, SessionModel, SessionState } from './session-state.ts'

const NOW = 1_000_000
const shared = [{ groupId: 'aa'.repeat(16) as GroupId, memberId: 'bb'.repeat(16) as MemberId }]
const env = (more: Partial<SessionEnv> = {}): SessionEnv => ({ now: NOW, fraction: 0.5, exchange: 10, localIsSmaller: true, ...more })

const attempt = { failures: 2, startedAt: NOW - 100 }
const exchanging = { ...attempt, link: 'L', direction: 'outbound', exchange: 5 } as const
const states = {
  idle: { kind: 'idle', lastError: null },
  dialing: { kind: 'dialing', ...attempt },
  handshaking: { kind: 'handshaking', ...exchanging },
  proving: { kind: 'proving', ...exchanging },
  ready: { kind: 'ready', link: 'L', direction: 'outbound', exchange: 5, shared, since: NOW - 100, failures: 2 },
  'backing-off': { kind: 'backing-off', failures: 3, retryAt: NOW + 100, lastError: 'lost' },
  closed: { kind: 'closed' },
} satisfies Record<SessionState['kind'], SessionState>

const inputs = {
  wanted: { kind: 'wanted' },
  unwanted: { kind: 'unwanted' },
  retry: { kind: 'retry' },
  dialed: { kind: 'dialed', link: 'N' },
  'dialed the same': { kind: 'dialed', link: 'L' },
  'dial-failed': { kind: 'dial-failed', failure: 'unreachable' },
  'hello-in': { kind: 'hello-in', link: 'N' },
  'hello-in on the same': { kind: 'hello-in', link: 'L' },
  better: { kind: 'better', link: 'N' },
  'better the same': { kind: 'better', link: 'L' },
  opened: { kind: 'opened', exchange: 5 },
  'opened late': { kind: 'opened', exchange: 4 },
  proven: { kind: 'proven', link: 'L', exchange: 5, shared },
  'proven again': { kind: 'proven', link: 'L', exchange: 6, shared: [] },
  'proven late': { kind: 'proven', link: 'L', exchange: 4, shared: [] },
  'proven elsewhere': { kind: 'proven', link: 'N', exchange: 6, shared: [] },
  'exchange-failed': { kind: 'exchange-failed', exchange: 5, failure: 'refused' },
  crossed: { kind: 'exchange-failed', exchange: 5, failure: 'crossed' },
  'exchange-failed late': { kind: 'exchange-failed', exchange: 4, failure: 'refused' },
  'link-closed': { kind: 'link-closed', link: 'L' },
  'other link-closed': { kind: 'link-closed', link: 'N' },
  'kept-away': { kind: 'kept-away', until: NOW + 60_000 },
  timer: { kind: 'timer' },
  used: { kind: 'used' },
  stop: { kind: 'stop' },
} satisfies Record<string, SessionInput>

const step = (state: SessionState, input: SessionInput, more: Partial<SessionEnv> = {}, wanted = true) => {
  const model = deepFreeze<SessionModel>({ state, wanted })
  const { model: after, effects } = stepSession(model, input, env(more))
  return { state: after.state, wanted: after.wanted, effects, kinds: effects.map((effect) => effect.kind) }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze)
  return Object.freeze(value)
}

/** Where each wanted session goes from each state by each input; what is not listed stays. */
const transitions: Record<SessionState['kind'], Partial<Record<keyof typeof inputs, SessionState['kind']>>> = {
  idle: { 'kept-away': 'backing-off', wanted: 'dialing', 'hello-in': 'handshaking', 'hello-in on the same': 'handshaking', stop: 'closed' },
  dialing: {
    unwanted: 'idle',
    dialed: 'handshaking',
    'dialed the same': 'handshaking',
    'dial-failed': 'backing-off',
    'hello-in': 'handshaking',
    'hello-in on the same': 'handshaking',
    'kept-away': 'backing-off',
    timer: 'backing-off',
    stop: 'closed',
  },
  handshaking: {
    opened: 'proving',
    'exchange-failed': 'backing-off',
    crossed: 'backing-off',
    'link-closed': 'backing-off',
    'kept-away': 'backing-off',
    timer: 'backing-off',
    stop: 'closed',
  },
  proving: {
    proven: 'ready',
    'exchange-failed': 'backing-off',
    crossed: 'backing-off',
    'link-closed': 'backing-off',
    'kept-away': 'backing-off',
    timer: 'backing-off',
    stop: 'closed',
  },
  ready: { 'kept-away': 'backing-off', better: 'handshaking', 'link-closed': 'backing-off', stop: 'closed' },
  'backing-off': {
    unwanted: 'idle',
    retry: 'dialing',
    'hello-in': 'handshaking',
    'hello-in on the same': 'handshaking',
    timer: 'dialing',
    stop: 'closed',
  },
  closed: {},
}

const stateNames = Object.keys(states) as SessionState['kind'][]
const inputNames = Object.keys(inputs) as (keyof typeof inputs)[]

describe('session machine', () => {
  it.each(stateNames.flatMap((from) => inputNames.map((input) => [from, input, transitions[from][input] ?? from] as const)))(
    'goes from %s by %s to %s',
    (from, input, to) => {
      expect(step(states[from], inputs[input]).state.kind).toBe(to)
    },
  )

  it.each(stateNames.filter((name) => name !== 'closed'))('in state %s, stopped, undoes what it holds and takes nothing more', (from) => {
    const { state, kinds, wanted } = step(states[from], { kind: 'stop' })
    expect(state).toEqual({ kind: 'closed' })
    expect(wanted).toBe(false)
    expect(kinds.includes('close-link')).toBe('link' in states[from])
    expect(kinds.includes('cancel-dial')).toBe(from === 'dialing')
    expect(kinds.includes('emit-closed')).toBe(from === 'ready')
    expect(step(state, { kind: 'dialed', link: 'N' }).effects).toEqual([{ kind: 'close-link', link: 'N' }])
    expect(step(state, { kind: 'hello-in', link: 'N' }).effects).toEqual([{ kind: 'refuse-hello' }])
    expect(step(state, { kind: 'wanted' })).toMatchObject({ state: { kind: 'closed' }, effects: [] })
  })

  it('moves to a better connection from the end that began the session alone', () => {
    const { effects } = step(states.ready, inputs.better)
    expect(effects.map(({ kind }) => kind)).toEqual(['close-link', 'timer', 'emit-closed', 'initiate', 'timer'])
    expect(effects).toContainEqual({ kind: 'initiate', link: 'N', exchange: 10 })
    expect(step({ ...states.ready, direction: 'inbound' }, inputs.better)).toMatchObject({
      state: { kind: 'ready', link: 'L' },
      effects: [],
    })
  })

  it('gives every step its deadline', () => {
    expect(step(states.idle, inputs.wanted).effects).toContainEqual({ kind: 'timer', ms: DIAL_DEADLINE_MS })
    expect(step(states.dialing, inputs.dialed).effects).toContainEqual({ kind: 'timer', ms: HANDSHAKE_DEADLINE_MS })
    expect(step(states.idle, inputs['hello-in']).effects).toContainEqual({ kind: 'timer', ms: HANDSHAKE_DEADLINE_MS })
    expect(step(states.handshaking, inputs.opened).effects).toContainEqual({ kind: 'timer', ms: PROVE_DEADLINE_MS })
    expect(step(states.proving, inputs.proven).effects).toContainEqual({ kind: 'timer', ms: null })
    expect(step(states.proving, inputs.proven, {}, false).effects).toContainEqual({ kind: 'timer', ms: IDLE_MS })
  })

  it('undoes an attempt that timed out and says where it stood', () => {
    const { effects } = step(states.proving, inputs.timer)
    expect(effects).toContainEqual({ kind: 'abandon', exchange: 5 })
    expect(effects).toContainEqual({ kind: 'close-link', link: 'L' })
    expect(effects).toContainEqual({ kind: 'log', outcome: 'timed-out', step: 'proving', direction: 'outbound', ms: 100 })
    expect(step(states.dialing, inputs.timer).effects).toContainEqual({ kind: 'cancel-dial' })
  })

  describe('back-off', () => {
    it('grows with every failure and starts anew when somebody asks', () => {
      const first = step({ ...states.dialing, failures: 0 }, inputs['dial-failed'])
      expect(first.state).toEqual({ kind: 'backing-off', failures: 1, retryAt: NOW + 500, lastError: 'unreachable' })
      expect(step(first.state, inputs.timer).state).toMatchObject({ kind: 'dialing', failures: 1 })
      const later = step({ ...states.dialing, failures: 3 }, inputs['dial-failed'])
      expect(later.effects).toContainEqual({ kind: 'timer', ms: 4_000 })
      expect(step(later.state, inputs.retry).state).toMatchObject({ kind: 'dialing', failures: 0 })
      // a dial that was under way when the network came back is as good as the first one
      expect(step(states.dialing, inputs.retry).state).toEqual({ ...states.dialing, failures: 0 })
    })

    it('has full jitter between nothing and the whole, and a cap', () => {
      for (const failures of [0, 1, 5, 6, 100, Number.MAX_SAFE_INTEGER]) {
        const whole = Math.min(BACKOFF_CAP_MS, 1_000 * 2 ** failures)
        expect(backoffMs(failures, 0)).toBe(0)
        expect(backoffMs(failures, 0.5)).toBe(Math.floor(whole / 2))
        expect(backoffMs(failures, 1 - Number.EPSILON)).toBeLessThan(whole)
      }
      expect(backoffMs(Number.MAX_SAFE_INTEGER, 0.999_999)).toBeGreaterThan(BACKOFF_CAP_MS - 10)
    })

    it('is short after a session that was good, and goes on growing after one that was lost at once', () => {
      const good = step({ ...states.ready, since: NOW - STABLE_MS }, inputs['link-closed'])
      expect(good.state).toMatchObject({ kind: 'backing-off', failures: 1, retryAt: NOW + 500 })
      const bad = step(states.ready, inputs['link-closed'])
      expect(bad.state).toMatchObject({ kind: 'backing-off', failures: 3, retryAt: NOW + 2_000 })
    })

    it('is not for peers nobody wants', () => {
      expect(step(states.dialing, inputs['dial-failed'], {}, false).state).toEqual({ kind: 'idle', lastError: 'unreachable' })
      expect(step(states.ready, inputs['link-closed'], {}, false)).toMatchObject({ state: { kind: 'idle' }, wanted: false })
    })
  })

  describe('that is kept away', () => {
    it('undoes what it holds and waits until that is over', () => {
      const { state, effects, kinds } = step(states.ready, inputs['kept-away'])
      expect(state).toEqual({ kind: 'backing-off', failures: 0, retryAt: NOW + 60_000, lastError: 'kept-away' })
      expect(kinds).toEqual(['close-link', 'timer', 'emit-closed', 'timer'])
      expect(effects.at(-1)).toEqual({ kind: 'timer', ms: 60_000 })
      expect(step(states.proving, inputs['kept-away']).effects).toContainEqual({ kind: 'abandon', exchange: 5 })
      expect(step(state, inputs.timer).state).toMatchObject({ kind: 'dialing', failures: 0 })
    })

    it('is over where nobody wants the peer', () => {
      const { state, kinds } = step(states.ready, inputs['kept-away'], {}, false)
      expect(state).toEqual({ kind: 'idle', lastError: 'kept-away' })
      expect(kinds).toEqual(['close-link', 'timer', 'emit-closed'])
    })
  })

  describe('idle sessions', () => {
    it('end when nobody wants the peer, later if they are used, and never while it is wanted', () => {
      expect(step(states.ready, inputs.unwanted).effects).toEqual([{ kind: 'timer', ms: IDLE_MS }])
      expect(step(states.ready, inputs.used, {}, false).effects).toEqual([{ kind: 'timer', ms: IDLE_MS }])
      expect(step(states.ready, inputs.used).effects).toEqual([])
      expect(step(states.ready, inputs.wanted).effects).toEqual([{ kind: 'timer', ms: null }])
      const ended = step(states.ready, inputs.timer, {}, false)
      expect(ended.state.kind).toBe('idle')
      expect(ended.kinds).toEqual(['close-link', 'timer', 'emit-closed'])
      expect(step(states.ready, inputs.timer).effects).toEqual([])
    })
  })

  describe('two hellos at once', () => {
    it('keep the one of the smaller peer id', () => {
      for (const at of [states.handshaking, states.proving]) {
        const mine = step(at, inputs['hello-in'], { localIsSmaller: true })
        expect(mine.state).toEqual(at)
        expect(mine.effects).toEqual([{ kind: 'refuse-hello' }, { kind: 'close-link', link: 'N' }])
        const theirs = step(at, inputs['hello-in'], { localIsSmaller: false })
        expect(theirs.state).toMatchObject({ kind: 'handshaking', direction: 'inbound', link: 'N', exchange: 10 })
        expect(theirs.effects).toContainEqual({ kind: 'abandon', exchange: 5 })
        expect(theirs.effects).toContainEqual({ kind: 'close-link', link: 'L' })
        expect(theirs.effects).toContainEqual({ kind: 'respond', exchange: 10 })
      }
    })

    it('on one connection do not close it', () => {
      expect(step(states.handshaking, inputs['hello-in on the same'], { localIsSmaller: true }).kinds).toEqual(['refuse-hello'])
      expect(step(states.handshaking, inputs['hello-in on the same'], { localIsSmaller: false }).kinds).not.toContain('close-link')
      expect(step(states.handshaking, inputs.crossed).kinds).not.toContain('close-link')
      expect(step(states.handshaking, inputs['exchange-failed']).kinds).toContain('close-link')
    })

    it('answer a second hello of the same peer instead of the first', () => {
      const inbound: SessionState = { ...states.handshaking, direction: 'inbound' }
      expect(step(inbound, inputs['hello-in'], { localIsSmaller: true }).state).toMatchObject({
        kind: 'handshaking',
        link: 'N',
        exchange: 10,
      })
    })

    it('keep a young session of ours, but believe a peer that comes again later', () => {
      const young = step(states.ready, inputs['hello-in'], { localIsSmaller: true })
      expect(young.effects).toEqual([{ kind: 'refuse-hello' }, { kind: 'close-link', link: 'N' }])
      const old = step({ ...states.ready, since: NOW - CROSSING_MS }, inputs['hello-in'], { localIsSmaller: true })
      expect(old.state).toMatchObject({ kind: 'handshaking', link: 'N' })
      expect(old.kinds).toEqual(expect.arrayContaining(['close-link', 'emit-closed', 'respond']))
      const restarted = step({ ...states.ready, direction: 'inbound' }, inputs['hello-in'], { localIsSmaller: true })
      expect(restarted.state).toMatchObject({ kind: 'handshaking', link: 'N' })
    })

    it('close the connection of a dial that ended too late, unless it is the one in use', () => {
      expect(step(states.ready, inputs.dialed).effects).toEqual([{ kind: 'close-link', link: 'N' }])
      expect(step(states.ready, inputs['dialed the same']).effects).toEqual([])
      expect(step(states.idle, inputs.dialed).effects).toEqual([{ kind: 'close-link', link: 'N' }])
    })
  })

  describe('proving again', () => {
    it('answers on the session without leaving it', () => {
      const { state, effects } = step(states.ready, inputs['hello-in on the same'])
      expect(state).toEqual(states.ready)
      expect(effects).toEqual([{ kind: 'respond', exchange: 10 }])
    })

    it('takes the newer result and tells of it', () => {
      const { state, kinds } = step(states.ready, inputs['proven again'])
      expect(state).toMatchObject({ kind: 'ready', exchange: 6, shared: [] })
      expect(kinds).toContain('emit-ready')
    })

    it('takes no older result, and none of another connection', () => {
      expect(step(states.ready, inputs['proven late'])).toMatchObject({ state: states.ready, effects: [] })
      expect(step(states.ready, inputs['proven elsewhere'])).toMatchObject({ state: states.ready, effects: [] })
      expect(step(states.ready, inputs['exchange-failed'])).toMatchObject({ state: states.ready, effects: [] })
    })
  })

  it('keeps its promises whatever happens', () => {
    const links = fc.constantFrom('L', 'M', 'N')
    const exchange = fc.integer({ min: 0, max: 40 })
    const failure = fc.constantFrom('unreachable', 'timed-out', 'refused', 'crossed', 'lost')
    const input = fc.oneof(
      fc.constantFrom<SessionInput>({ kind: 'wanted' }, { kind: 'unwanted' }, { kind: 'retry' }, { kind: 'timer' }, { kind: 'used' }),
      fc.record({ kind: fc.constant('dialed'), link: links }),
      fc.record({ kind: fc.constant('dial-failed'), failure }),
      fc.record({ kind: fc.constant('hello-in'), link: links }),
      fc.record({ kind: fc.constant('opened'), exchange }),
      fc.record({ kind: fc.constant('proven'), link: links, exchange, shared: fc.constant(shared) }),
      fc.record({ kind: fc.constant('exchange-failed'), exchange, failure }),
      fc.record({ kind: fc.constant('link-closed'), link: links }),
      fc.record({ kind: fc.constant('kept-away'), until: fc.integer({ min: NOW, max: NOW + 60_000 }) }),
    ) as fc.Arbitrary<SessionInput>
    const elsewhere: SessionInput[] = [
      { kind: 'hello-in', link: 'L' },
      { kind: 'opened', exchange: 0 },
      { kind: 'proven', link: 'N', exchange: 0, shared },
    ]
    fc.assert(
      fc.property(fc.array(input, { maxLength: 60 }), fc.boolean(), (given, localIsSmaller) => {
        let model = initialSession
        const world = { timer: false, announced: false, now: NOW }
        given.forEach((each, i) => {
          world.now += 700
          const before = model
          const { model: after, effects } = stepSession(deepFreeze(model), each, env({ exchange: i, localIsSmaller, now: world.now }))
          if (each.kind === 'timer') world.timer = false
          for (const effect of effects) follow(world, effect)
          expectConsistent(before, after, effects, world)
          model = after
        })
      }),
      { numRuns: 500, examples: [[elsewhere, false]] },
    )
  })
})

function follow(world: { timer: boolean; announced: boolean }, effect: SessionEffect): void {
  if (effect.kind === 'timer') world.timer = effect.ms !== null
  if (effect.kind === 'emit-ready') world.announced = true
  if (effect.kind === 'emit-closed') world.announced = false
}

function expectConsistent(
  before: SessionModel,
  after: SessionModel,
  effects: SessionEffect[],
  world: { timer: boolean; announced: boolean },
): void {
  const { state } = after
  // Nothing waits without a deadline; what is announced is so.
  const waits = state.kind === 'dialing' || state.kind === 'handshaking' || state.kind === 'proving' || state.kind === 'backing-off'
  if (waits) expect(world.timer).toBe(true)
  expect(world.announced).toBe(state.kind === 'ready')
  // A connection left behind is closed, unless the other side's hello is expected on it.
  const held = 'link' in before.state ? before.state.link : null
  const holds = 'link' in state ? state.link : null
  const crossed = 'lastError' in state && state.lastError === 'crossed'
  if (held !== null && held !== holds && !crossed) {
    expect(effects).toContainEqual({ kind: 'close-link', link: held })
  }
  if (holds !== null) expect(effects).not.toContainEqual({ kind: 'close-link', link: holds })
}
