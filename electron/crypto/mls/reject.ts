import { err } from '../../kernel/result.ts'
import type { Rejection, RejectReason } from './group-engine.ts'

export const reject = (reason: RejectReason, detail: string): { ok: false; error: Rejection } => err({ reason, detail })

/** Carries a rejection out of a callback that the library calls; never leaves the engine. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly rejection: Rejection

  constructor(reason: RejectReason, detail: string) {
    super(detail)
    this.rejection = { reason, detail }
  }
}

/**
 * What a throw from inside the library means for the input that caused it. `otherwise` names the step it happened in;
 * the library's own words may quote input, so only the class of its error is kept.
 */
export function rejectionOf(thrown: unknown, otherwise: string): Rejection {
  if (thrown instanceof Refusal) return thrown.rejection
  return { reason: 'invalid', detail: `${otherwise}: ${thrown instanceof Error ? thrown.name : 'fault'}` }
}
