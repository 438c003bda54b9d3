import { unreachable } from '../../kernel/errors.ts'
import { SIGNATURES_NEEDED } from '../keys/key-set.ts'
import { FUTURE_DAYS, STALE_AFTER_DAYS } from './judge.ts'
import type { Refusal } from './judge.ts'

/** For the makers, at a terminal; the window has words of its own. */
export function refusalWords(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'too-few-signatures': {
      const who = refusal.by.length === 0 ? 'nobody who is pinned' : refusal.by.join(', ')
      const strangers = refusal.strangers === 0 ? '' : ` and ${refusal.strangers} unknown to this program`
      return `${SIGNATURES_NEEDED} of the three makers have to sign; it is signed by ${who}${strangers}.`
    }
    case 'repeated-key':
      return `The key of ${refusal.by} signed twice, and counts once.`
    case 'bad-signature':
      return `The signature of ${refusal.by} is not one over this text.`
    case 'too-large':
      return 'It is larger than an announcement can be.'
    case 'malformed':
      return 'It is no announcement, or not written as one is.'
    case 'bad-rotation':
      return 'A statement that replaces keys is not signed by two of those before, or one is missing between.'
    case 'stale':
      return `It was announced on ${refusal.date}, more than ${STALE_AFTER_DAYS} days ago.`
    case 'from-the-future':
      return `It is of ${refusal.date}, more than ${FUTURE_DAYS} day ahead of this computer’s clock.`
    case 'replayed':
      return `It is of ${refusal.date}, and a newer one, of ${refusal.newest}, was seen before.`
    case 'older-version':
      return `It announces ${refusal.version}, which is older than what is installed.`
    case 'not-for-this-system':
      return 'It has no file for this system.'
    default:
      return unreachable(refusal)
  }
}
