import type { WireObject } from '../../../ports/wire.ts'
import { decodeContent } from '../../content/mimi-content.ts'
import type { Draft, DraftEpoch } from './draft.ts'
import type { Planning } from './plan-object.ts'

/**
 * Whether our own leaf made this and what is stored here does not know of it. Then all that is stored here is older than what was
 * sent from it, and its keys are used: a whole folder was set back, and only what others bring can tell.
 * The signature must be our leaf's. That alone proves nothing, because every member could encrypt once more, under a key of ours that is
 * still to come, what we signed long ago: so a message has to be beyond our count, and a commit has to lead out of where we are.
 */
export async function isBeyondUs({ engine }: Planning, { tip }: Draft, epoch: DraftEpoch, { bytes }: WireObject): Promise<boolean> {
  const received = await engine.receive(epoch.state, bytes, () => 'only looked at', { takeOwn: true })
  if (!received.ok) return false
  switch (received.value.kind) {
    case 'own-commit':
      return epoch.eid === tip.row.tip
    case 'message': {
      const seq = decodeContent(received.value.plaintext)?.extensions.seq
      return seq !== undefined && seq > tip.row.sentSeq
    }
    case 'commit':
    case 'removed':
      return false
  }
}
