import { unreachable } from '../../kernel/errors.ts'
import { backoffMs } from './backoff.ts'
import { CROSSING_MS, DIAL_DEADLINE_MS, HANDSHAKE_DEADLINE_MS, IDLE_MS, PROVE_DEADLINE_MS, STABLE_MS } from './constants.ts'
import type { Failure, LinkId, SessionEffect, SessionEnv, SessionInput, SessionModel, SessionState, SessionStep } from './session-state.ts'

export const initialSession: SessionModel = { state: { kind: 'idle', lastError: null }, wanted: false }

/** One peer's session: pure, no time or chance of its own. Every state but `idle` and `closed` has a deadline or a connection. */
export function stepSession(model: SessionModel, input: SessionInput, env: SessionEnv): SessionStep {
  if (model.state.kind === 'closed') return closedStep(model, input)
  switch (input.kind) {
    case 'wanted':
      return onWanted({ ...model, wanted: true }, env)
    case 'unwanted':
      return onUnwanted({ ...model, wanted: false })
    case 'retry':
      return onRetry(model, env)
    case 'dialed':
      return onDialed(model, input.link, env)
    case 'dial-failed':
      return model.state.kind === 'dialing' ? attemptFailed(model, input.failure, env) : stay(model)
    case 'better':
      return onBetter(model, input.link, env)
    case 'hello-in':
      return onHelloIn(model, input.link, env)
    case 'opened':
      return onOpened(model, input.exchange)
    case 'proven':
      return onProven(model, input, env)
    case 'exchange-failed':
      return isExchange(model.state, input.exchange) ? attemptFailed(model, input.failure, env) : stay(model)
    case 'link-closed':
      return 'link' in model.state && model.state.link === input.link ? onLinkClosed(model, env) : stay(model)
    case 'kept-away':
      return onKeptAway(model, input.until, env)
    case 'timer':
      return onTimer(model, env)
    case 'used':
      return isIdling(model) ? stay(model, { kind: 'timer', ms: IDLE_MS }) : stay(model)
    case 'stop':
      return { model: { wanted: false, state: { kind: 'closed' } }, effects: leave(model.state) }
    default:
      return unreachable(input)
  }
}

const stay = (model: SessionModel, ...effects: SessionEffect[]): SessionStep => ({ model, effects })

const isExchange = (state: SessionState, exchange: number): boolean =>
  (state.kind === 'handshaking' || state.kind === 'proving') && state.exchange === exchange

const isIdling = (model: SessionModel): boolean => model.state.kind === 'ready' && !model.wanted

function closedStep(model: SessionModel, input: SessionInput): SessionStep {
  if (input.kind === 'dialed') return stay(model, { kind: 'close-link', link: input.link })
  if (input.kind === 'hello-in') return stay(model, { kind: 'refuse-hello' })
  return stay(model)
}

/** What failed before counts no more: neither where it waits, nor for the attempt that is under way. */
function onRetry(model: SessionModel, env: SessionEnv): SessionStep {
  if (model.state.kind === 'backing-off') return dial(model, 0, env)
  return model.state.kind === 'dialing' ? stay({ ...model, state: { ...model.state, failures: 0 } }) : stay(model)
}

function onWanted(model: SessionModel, env: SessionEnv): SessionStep {
  if (model.state.kind === 'idle') return dial(model, 0, env)
  return model.state.kind === 'ready' ? stay(model, { kind: 'timer', ms: null }) : stay(model)
}

function onUnwanted(model: SessionModel): SessionStep {
  const { state } = model
  if (state.kind === 'ready') return stay(model, { kind: 'timer', ms: IDLE_MS })
  if (state.kind !== 'dialing' && state.kind !== 'backing-off') return stay(model)
  return { model: { ...model, state: { kind: 'idle', lastError: null } }, effects: leave(state) }
}

function dial(model: SessionModel, failures: number, env: SessionEnv): SessionStep {
  return {
    model: { ...model, state: { kind: 'dialing', failures, startedAt: env.now } },
    effects: [{ kind: 'dial' }, { kind: 'timer', ms: DIAL_DEADLINE_MS }],
  }
}

function onDialed(model: SessionModel, link: LinkId, env: SessionEnv): SessionStep {
  const { state } = model
  if (state.kind !== 'dialing') {
    // A dial that ended after it was given up; it may have found the very connection in use.
    return 'link' in state && state.link === link ? stay(model) : stay(model, { kind: 'close-link', link })
  }
  const { exchange } = env
  return {
    model: { ...model, state: { ...state, kind: 'handshaking', link, direction: 'outbound', exchange } },
    effects: [
      { kind: 'initiate', link, exchange },
      { kind: 'timer', ms: HANDSHAKE_DEADLINE_MS },
    ],
  }
}

function onBetter(model: SessionModel, link: LinkId, env: SessionEnv): SessionStep {
  const { state } = model
  // Of both ends, which see the new connection alike, only one may begin.
  if (state.kind !== 'ready' || state.direction !== 'outbound' || state.link === link) return stay(model)
  const { failures } = state
  const { exchange } = env
  return {
    model: { ...model, state: { kind: 'handshaking', failures, startedAt: env.now, link, direction: 'outbound', exchange } },
    effects: [...leave(state), { kind: 'initiate', link, exchange }, { kind: 'timer', ms: HANDSHAKE_DEADLINE_MS }],
  }
}

function onHelloIn(model: SessionModel, link: LinkId, env: SessionEnv): SessionStep {
  const { state } = model
  switch (state.kind) {
    case 'idle':
    case 'backing-off':
    case 'dialing':
      return respond(model, link, env, leave(state))
    case 'handshaking':
    case 'proving':
      if (state.direction === 'outbound' && env.localIsSmaller) return refuse(model, link, state.link)
      return respond(model, link, env, replaced(state, link))
    case 'ready':
      if (state.link === link) return stay(model, { kind: 'respond', exchange: env.exchange })
      if (state.direction === 'outbound' && env.localIsSmaller && env.now - state.since < CROSSING_MS)
        return refuse(model, link, state.link)
      return respond(model, link, env, replaced(state, link))
    case 'closed':
      return refuse(model, link, link)
  }
}

function respond(model: SessionModel, link: LinkId, env: SessionEnv, before: SessionEffect[]): SessionStep {
  const { exchange } = env
  return {
    model: { ...model, state: { kind: 'handshaking', failures: 0, startedAt: env.now, link, direction: 'inbound', exchange } },
    effects: [...before, { kind: 'respond', exchange }, { kind: 'timer', ms: HANDSHAKE_DEADLINE_MS }],
  }
}

const refuse = (model: SessionModel, link: LinkId, kept: LinkId): SessionStep =>
  stay(model, { kind: 'refuse-hello' }, ...(link === kept ? [] : [{ kind: 'close-link', link } as const]))

/** What is undone when a newer hello takes over: the connection stays if it is the same one. */
const replaced = (state: SessionState, link: LinkId): SessionEffect[] =>
  leave(state).filter((effect) => effect.kind !== 'close-link' || effect.link !== link)

function onOpened(model: SessionModel, exchange: number): SessionStep {
  const { state } = model
  if (state.kind !== 'handshaking' || state.exchange !== exchange) return stay(model)
  return { model: { ...model, state: { ...state, kind: 'proving' } }, effects: [{ kind: 'timer', ms: PROVE_DEADLINE_MS }] }
}

function onProven(model: SessionModel, input: Extract<SessionInput, { kind: 'proven' }>, env: SessionEnv): SessionStep {
  const { state } = model
  const { exchange, shared, link } = input
  const timer: SessionEffect = { kind: 'timer', ms: model.wanted ? null : IDLE_MS }
  if (state.kind === 'ready' && state.link === link && exchange > state.exchange) {
    return { model: { ...model, state: { ...state, exchange, shared } }, effects: [timer, { kind: 'emit-ready', shared }] }
  }
  if (state.kind !== 'proving' || state.exchange !== exchange || state.link !== link) return stay(model)
  const { direction, failures } = state
  return {
    model: { ...model, state: { kind: 'ready', link, direction, exchange, shared, since: env.now, failures } },
    effects: [
      timer,
      { kind: 'log', outcome: 'ready', step: state.kind, direction, ms: env.now - state.startedAt },
      { kind: 'emit-ready', shared },
    ],
  }
}

/** A dial or a hello came to nothing. */
function attemptFailed(model: SessionModel, failure: Failure, env: SessionEnv): SessionStep {
  const { state } = model
  if (state.kind !== 'dialing' && state.kind !== 'handshaking' && state.kind !== 'proving') return stay(model)
  const direction = state.kind === 'dialing' ? 'outbound' : state.direction
  // The peer refused ours because its own is on the way, perhaps on this very connection: leave that open.
  const undo = leave(state).filter((effect) => failure !== 'crossed' || effect.kind !== 'close-link')
  const log: SessionEffect = { kind: 'log', outcome: failure, step: state.kind, direction, ms: env.now - state.startedAt }
  const after = failed(model, failure, state.failures, env)
  return { model: after.model, effects: [...undo, log, ...after.effects] }
}

function onLinkClosed(model: SessionModel, env: SessionEnv): SessionStep {
  const { state } = model
  if (state.kind !== 'ready') return attemptFailed(model, 'lost', env)
  const failures = env.now - state.since >= STABLE_MS ? 0 : state.failures
  const after = failed(model, 'lost', failures, env)
  return { model: after.model, effects: [...leave(state), ...after.effects] }
}

function failed(model: SessionModel, lastError: Failure, failures: number, env: SessionEnv): SessionStep {
  if (!model.wanted) return { model: { ...model, state: { kind: 'idle', lastError } }, effects: [] }
  const ms = backoffMs(failures, env.fraction)
  return {
    model: { ...model, state: { kind: 'backing-off', failures: failures + 1, retryAt: env.now + ms, lastError } },
    effects: [{ kind: 'timer', ms }],
  }
}

/** Goes on by itself when that is over. */
function onKeptAway(model: SessionModel, until: number, env: SessionEnv): SessionStep {
  const undo = leave(model.state)
  const lastError = 'kept-away'
  if (!model.wanted) return { model: { ...model, state: { kind: 'idle', lastError } }, effects: undo }
  return {
    model: { ...model, state: { kind: 'backing-off', failures: 0, retryAt: until, lastError } },
    effects: [...undo, { kind: 'timer', ms: Math.max(0, until - env.now) }],
  }
}

function onTimer(model: SessionModel, env: SessionEnv): SessionStep {
  const { state } = model
  switch (state.kind) {
    case 'dialing':
    case 'handshaking':
    case 'proving':
      return attemptFailed(model, 'timed-out', env)
    case 'backing-off':
      return dial(model, state.failures, env)
    case 'ready':
      return isIdling(model) ? { model: { ...model, state: { kind: 'idle', lastError: null } }, effects: leave(state) } : stay(model)
    case 'idle':
    case 'closed':
      return stay(model)
  }
}

/** Undoes whatever the state holds. */
function leave(state: SessionState): SessionEffect[] {
  switch (state.kind) {
    case 'idle':
    case 'closed':
      return []
    case 'backing-off':
      return [{ kind: 'timer', ms: null }]
    case 'dialing':
      return [{ kind: 'cancel-dial' }, { kind: 'timer', ms: null }]
    case 'handshaking':
    case 'proving':
      return [
        { kind: 'abandon', exchange: state.exchange },
        { kind: 'close-link', link: state.link },
        { kind: 'timer', ms: null },
      ]
    case 'ready':
      return [{ kind: 'close-link', link: state.link }, { kind: 'timer', ms: null }, { kind: 'emit-closed' }]
  }
}
