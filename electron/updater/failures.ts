import type { UpdateFailure } from '../../shared/ipc/updates.ts'
import type { Refusal } from './release/judge.ts'

/** What a person needs to tell apart; the log has the refusal itself. */
export function failureOf({ kind }: Refusal): UpdateFailure {
  switch (kind) {
    case 'too-few-signatures':
    case 'repeated-key':
    case 'bad-signature':
    case 'bad-rotation':
      return 'untrusted'
    case 'too-large':
    case 'malformed':
      return 'unreadable'
    case 'stale':
    case 'from-the-future':
    case 'replayed':
    case 'older-version':
    case 'not-for-this-system':
      return kind
  }
}
