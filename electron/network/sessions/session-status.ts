import type { PeerId } from '../../../shared/domain/ids.ts'
import type { SessionPath } from '../../../shared/domain/models.ts'
import type { SessionStatus } from '../../ports/network.ts'
import type { SessionModel } from './session-state.ts'

/** What `sessions()` shows of a session: nothing of one that is idle. */
export function toStatus(peerId: PeerId, { state }: SessionModel, path: SessionPath | null): SessionStatus[] {
  if (state.kind === 'idle') return []
  return [
    {
      peerId,
      state: state.kind,
      direction: 'direction' in state ? state.direction : state.kind === 'dialing' ? 'outbound' : null,
      path,
      shared: state.kind === 'ready' ? state.shared : [],
      lastError: 'lastError' in state ? state.lastError : null,
      retryAt: state.kind === 'backing-off' ? state.retryAt : null,
    },
  ]
}
