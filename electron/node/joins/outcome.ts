import type { MemberId, PeerId } from '../../../shared/domain/ids.ts'
import type { JoinStep } from '../../../shared/domain/models.ts'
import type { ErrorCode } from '../../../shared/ipc/error-codes.ts'
import type { GroupState, KeyPackagePair } from '../../crypto/mls/group-engine.ts'
import type { JoinAnswer } from '../../ports/wire.ts'
import type { Offer } from './offer.ts'

export type WelcomeAnswer = Extract<JoinAnswer, { kind: 'welcome' }>

/** What a Welcome came to. */
export interface Opened {
  state: GroupState
  offer: Offer
  /** Which of them opens it. */
  pairs: readonly KeyPackagePair[]
  answer: WelcomeAnswer
  /** The peer that gave it. */
  giver: PeerId
  /** Which member that proved to be; null if it proved nothing. */
  welcomer: MemberId | null
}

/** What asking one member came to, or all of them. */
export type Outcome =
  | { kind: 'opened'; opened: Opened }
  | { kind: 'refused'; code: ErrorCode }
  /** `leafKeys`: of the leaf this device has where it is let in already, as members say. */
  | { kind: 'wait'; code: ErrorCode; step: JoinStep; afterMs: number | null; leafKeys?: readonly Uint8Array[] }

export type Wait = Extract<Outcome, { kind: 'wait' }>

/** Refusals that speak of the one who answered; another member may answer otherwise. */
const personal: ReadonlySet<ErrorCode> = new Set(['invitation-wrong-space', 'not-permitted'])

const unreachable: Outcome = { kind: 'wait', code: 'unreachable', step: 'connecting', afterMs: null }

/** Where nobody let this device in: whoever says to wait is waited for; else a refusal of the invitation counts; else others may come yet. */
function verdict(outcomes: readonly Outcome[]): Outcome {
  const waits = outcomes.filter((outcome) => outcome.kind === 'wait')
  const toldToWait = waits.filter(({ step }) => step === 'admitting')
  const chosen = toldToWait.find(({ leafKeys }) => leafKeys !== undefined) ?? toldToWait[0]
  if (chosen !== undefined) return { ...chosen, leafKeys: toldToWait.flatMap(({ leafKeys }) => leafKeys ?? []) }
  const ofAll = outcomes.find((outcome) => outcome.kind === 'refused' && !personal.has(outcome.code))
  return ofAll ?? waits[0] ?? outcomes[0] ?? unreachable
}

/** How many members have to say that nobody is let in, and in how many rounds, where others say to wait or what they say may change. */
const WITNESSES = 2
const ROUNDS = 8
/** Whoever removed this device may be removed for it, and then it is let in. */
const AGAIN_MS = 5_000

/** One who tells this device to wait, again and again, has no say against several who refuse: its join would not end before the invitation does. */
export class Refusals {
  #rounds = 0

  /** What a round of asking came to. */
  judge(outcomes: readonly Outcome[]): Outcome {
    const judged = verdict(outcomes)
    const refused = outcomes.filter((outcome) => outcome.kind === 'refused' && !personal.has(outcome.code))
    const isLetIn = outcomes.some((outcome) => outcome.kind === 'wait' && outcome.leafKeys !== undefined)
    // Who is in the space no more knows nothing of it, and is not waited for.
    const inside = outcomes.filter((outcome) => outcome.kind !== 'refused' || outcome.code !== 'invitation-wrong-space')
    const isSaid = refused.length > 0 && refused.length >= Math.min(WITNESSES, inside.length)
    this.#rounds = isSaid && !isLetIn ? this.#rounds + 1 : 0
    if (this.#rounds >= ROUNDS) return refused[0] ?? judged
    // That commit may fall, and whoever says so not know it yet.
    return judged.kind === 'refused' && judged.code === 'removed'
      ? { kind: 'wait', code: 'removed', step: 'admitting', afterMs: AGAIN_MS }
      : judged
  }
}
