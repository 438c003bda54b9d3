import type { SharedGroup } from '../../ports/wire.ts'

/** Who began the hello that made the session. */
export type Direction = 'inbound' | 'outbound'

/** Why a session or an attempt ended, as shown in `status`: one word, no address, no id. */
export type Failure = 'unreachable' | 'timed-out' | 'refused' | 'crossed' | 'lost' | 'kept-away'

/** A connection, named by whoever owns it. */
export type LinkId = string

/** Numbers the hello exchanges of a session in the order they began; a later one knows at least what an earlier one knew. */
export type ExchangeNumber = number

interface Attempt {
  /** Failures in a row before this. */
  failures: number
  startedAt: number
}

interface Exchanging extends Attempt {
  link: LinkId
  direction: Direction
  exchange: ExchangeNumber
}

export type SessionState =
  | { kind: 'idle'; lastError: Failure | null }
  | ({ kind: 'dialing' } & Attempt)
  | ({ kind: 'handshaking' } & Exchanging)
  | ({ kind: 'proving' } & Exchanging)
  | Ready
  | { kind: 'backing-off'; failures: number; retryAt: number; lastError: Failure }
  | { kind: 'closed' }

export interface Ready {
  kind: 'ready'
  link: LinkId
  direction: Direction
  /** The exchange that gave `shared`. */
  exchange: ExchangeNumber
  shared: readonly SharedGroup[]
  since: number
  failures: number
}

export interface SessionModel {
  readonly state: SessionState
  readonly wanted: boolean
}

export type SessionInput =
  | { kind: 'wanted' }
  | { kind: 'unwanted' }
  /** Somebody asked, the network changed, or the peer was seen nearby: forget the back-off. */
  | { kind: 'retry' }
  | { kind: 'dialed'; link: LinkId }
  | { kind: 'dial-failed'; failure: Failure }
  /** A connection that serves better than the one in use: the end that began the session moves it there. */
  | { kind: 'better'; link: LinkId }
  /** The peer opened a hello on a connection. */
  | { kind: 'hello-in'; link: LinkId }
  /** Both nonces are exchanged. */
  | { kind: 'opened'; exchange: ExchangeNumber }
  | { kind: 'proven'; link: LinkId; exchange: ExchangeNumber; shared: readonly SharedGroup[] }
  | { kind: 'exchange-failed'; exchange: ExchangeNumber; failure: Failure }
  | { kind: 'link-closed'; link: LinkId }
  /** The peer did what no honest one does, too often: there are no connections with it until then, in milliseconds since 1970. */
  | { kind: 'kept-away'; until: number }
  /** The timer set by the last `timer` effect. */
  | { kind: 'timer' }
  /** Something of a group passed over it. */
  | { kind: 'used' }
  | { kind: 'stop' }

export type SessionEffect =
  | { kind: 'dial' }
  | { kind: 'cancel-dial' }
  /** Begin a hello on the connection, as exchange number `exchange`. */
  | { kind: 'initiate'; link: LinkId; exchange: ExchangeNumber }
  /** Answer the hello that came in, as exchange number `exchange`. */
  | { kind: 'respond'; exchange: ExchangeNumber }
  | { kind: 'refuse-hello' }
  | { kind: 'abandon'; exchange: ExchangeNumber }
  | { kind: 'close-link'; link: LinkId }
  /** Replaces the one timer of the session; null for none. */
  | { kind: 'timer'; ms: number | null }
  | { kind: 'emit-ready'; shared: readonly SharedGroup[] }
  | { kind: 'emit-closed' }
  | { kind: 'log'; outcome: 'ready' | Failure; step: SessionState['kind']; direction: Direction; ms: number }

/** What a step may look at besides state and input. */
export interface SessionEnv {
  now: number
  /** Random in [0, 1). */
  fraction: number
  /** The number an exchange begun by this step gets. */
  exchange: ExchangeNumber
  /** Of two crossing hellos the one begun by the smaller peer id survives: both ends compute the same. */
  localIsSmaller: boolean
}

export interface SessionStep {
  model: SessionModel
  effects: SessionEffect[]
}
