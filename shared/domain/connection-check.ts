/** `skipped`: there was nothing to look at, which is no fault. */
export type CheckStatus = 'ok' | 'warning' | 'failed' | 'skipped'

/**
 * Everything that a test of the connection may find, and how bad that is. What each means and what to do is in
 * `shared/words/connection-en.ts` in short, and in docs/troubleshooting.md at length.
 */
export const connectionChecks = {
  'device-online': 'ok',
  'device-offline': 'failed',
  'device-confined': 'skipped',
  listening: 'ok',
  'listening-nowhere': 'failed',
  'nearby-met': 'ok',
  'nearby-nobody': 'ok',
  'nearby-off': 'skipped',
  'relays-unused': 'skipped',
  'relays-none': 'warning',
  'relay-answers': 'ok',
  'relay-refuses': 'failed',
  'relay-silent': 'failed',
  'relay-no-way': 'failed',
  'relay-other-key': 'failed',
  'relay-not-understood': 'failed',
  'place-held': 'ok',
  'place-refused': 'failed',
  'place-no-relay': 'failed',
  'place-lost': 'failed',
  'mailbox-kept': 'ok',
  'mailbox-none': 'ok',
  'mailbox-unknown': 'skipped',
  'mailbox-silent': 'warning',
  'mailbox-full': 'warning',
  'mailbox-clock': 'failed',
  'mailbox-untrusted': 'warning',
  'outside-confirmed': 'ok',
  'outside-met': 'ok',
  'outside-opened': 'ok',
  'outside-seen': 'skipped',
  'outside-unknown': 'skipped',
  'people-none': 'skipped',
  'people-connected': 'ok',
  'people-away': 'warning',
} as const satisfies Record<string, CheckStatus>

export type ConnectionCheckCode = keyof typeof connectionChecks

/** A member who is not connected. */
export interface AwayPerson {
  name: string
  /** When a session with them was last ready; null if there never was one here. */
  lastSeenAt: number | null
  /** When they came into a space through this device, which needs no session; null if it was another. */
  letInAt: number | null
  /** How many addresses of theirs may be tried: on networks this device is in, anywhere else, by a relay. */
  ways: { near: number; far: number; relayed: number }
}

/** One thing that a test of the connection looked at. */
export interface ConnectionCheck {
  code: ConnectionCheckCode
  status: CheckStatus
  /** The end of the id of the relay it is about; null if it is about none. */
  relay: string | null
  /** What the words of the code name. */
  values: CheckValues
  away: AwayPerson[]
}

export interface CheckValues {
  /** There and back. */
  ms?: number
  /** `TCP 4001, UDP 4002` */
  ports?: string
  /** So many `of` so many. */
  number?: number
  of?: number
}
