import type { RelayPlace, RelayProbe } from '../../ports/network.ts'

type NoAnswer = Extract<RelayProbe, { kind: 'no-answer' }>['why']

/** What to go to a relay with. */
export interface RelayWay {
  /** To its address. Answers what is to be called once nothing more is asked there. */
  goTo(signal: AbortSignal): Promise<() => void>
  /** Milliseconds there and back, on the open connection. */
  ping(signal: AbortSignal): Promise<number>
  reserve(): Promise<RelayPlace>
}

/** To go there, and to be answered: as long as being given a place may take. */
export const PROBE_MS = 10_000

export async function probeRelay({ goTo, ping, reserve }: RelayWay, given: AbortSignal): Promise<RelayProbe> {
  const signal = AbortSignal.any([given, AbortSignal.timeout(PROBE_MS)])
  let leave: () => void
  try {
    leave = await goTo(signal)
  } catch (thrown) {
    return { kind: 'no-answer', why: whyNoAnswer(thrown) }
  }
  try {
    const ms = await ping(signal)
    return { kind: 'answers', ms, place: await reserve() }
  } catch {
    // It was there, or seemed to be: a connection dies without a word when a cable is pulled.
    return { kind: 'no-answer', why: 'silent' }
  } finally {
    leave()
  }
}

const BY_CODE: Readonly<Record<string, NoAnswer>> = {
  ECONNREFUSED: 'refuses',
  ETIMEDOUT: 'silent',
  ENETUNREACH: 'no-way',
  EHOSTUNREACH: 'no-way',
  ENETDOWN: 'no-way',
  EADDRNOTAVAIL: 'no-way',
}

/** A deadline of ours passed. */
const SILENT = /abort|timed? ?out/i

/** libp2p has no codes of its own for these, and wraps what the handshake throws in an error that keeps its text alone (3.3). */
export function whyNoAnswer(thrown: unknown): NoAnswer {
  const errors = flat(thrown)
  const code = errors.map((error) => ('code' in error ? BY_CODE[String(error.code)] : undefined)).find((found) => found !== undefined)
  if (code !== undefined) return code
  if (errors.some(({ message }) => /does not match expected remote identity key/.test(message))) return 'other-key'
  if (errors.some(({ name, message }) => SILENT.test(name) || SILENT.test(message))) return 'silent'
  return errors.some(({ name }) => name === NO_WAY) ? 'no-way' : 'not-understood'
}

const NO_WAY = 'NoWayError'

/** Nothing could be dialled in the first place. */
export class NoWayError extends Error {
  override readonly name = NO_WAY
}

function flat(thrown: unknown): Error[] {
  if (!(thrown instanceof Error)) return []
  const inner: unknown[] = thrown instanceof AggregateError ? thrown.errors : []
  return [thrown, ...[...inner, thrown.cause].flatMap(flat)]
}

/** Why a relay that is connected gave no place; null: it is refused for what it said before (circuit-relay-v2 4.2.13, `relayFilter`). */
export function whyNoPlace(thrown: unknown): Exclude<RelayPlace, 'held'> | null {
  const { name, message } = thrown instanceof Error ? thrown : new Error('')
  if (name === 'UnsupportedProtocolError') return 'no-relay'
  if (/reservation failed with status/.test(message)) return 'refused'
  return name === 'ListenError' ? null : 'lost'
}
