import { createStore } from 'zustand/vanilla'
import type { MemberId, SpaceId } from '../../../shared/domain/ids.ts'
import type { Member, Role, SafetyNumber } from '../../../shared/domain/models.ts'
import type { CallResult, CodedError } from '../../../shared/ipc/error-codes.ts'
import type { Client } from '../../bridge/client.ts'
import type { Loadable } from '../../bridge/follow.ts'

export interface MembersState {
  bySpace: Readonly<Record<SpaceId, Loadable<Member[]>>>
}

/** The members of each space that was looked at. */
export function createMembersStore(client: Client) {
  const store = createStore<MembersState>(() => ({ bySpace: {} }))
  const put = (spaceId: SpaceId, members: Loadable<Member[]>) =>
    store.setState((state) => ({ bySpace: { ...state.bySpace, [spaceId]: members } }))
  return {
    store,
    start: () => client.on('members.changed', ({ spaceId, members }) => put(spaceId, { kind: 'ready', value: members })),
    /** Loads them unless they are there; an event that comes first is newer than the answer. */
    load: async (spaceId: SpaceId): Promise<void> => {
      const known = store.getState().bySpace[spaceId]
      if (known?.kind === 'ready' || known?.kind === 'loading') return
      put(spaceId, { kind: 'loading' })
      const result = await client.call('members.list', { spaceId })
      if (store.getState().bySpace[spaceId]?.kind === 'ready') return
      put(spaceId, result.ok ? { kind: 'ready', value: result.value } : { kind: 'failed', error: result.error })
    },
    /** What becomes of it is told by `members.changed`, as for everybody. */
    remove: async (spaceId: SpaceId, { memberId }: Member): Promise<CodedError | null> => {
      const result = await client.call('members.remove', { spaceId, memberId })
      return result.ok ? null : result.error
    },
    setRole: async (spaceId: SpaceId, { memberId }: Member, role: Role): Promise<CodedError | null> => {
      const result = await client.call('members.setRole', { spaceId, memberId, role })
      return result.ok ? null : result.error
    },
    verify: (spaceId: SpaceId, memberId: MemberId, verified: boolean | null): Promise<CallResult<SafetyNumber>> =>
      client.call('members.verify', { spaceId, memberId, verified }),
  }
}

export type MembersStore = ReturnType<typeof createMembersStore>

const nobody: readonly Member[] = []
export const membersOf = (state: MembersState, spaceId: SpaceId | null): readonly Member[] => {
  const members = spaceId === null ? undefined : state.bySpace[spaceId]
  return members?.kind === 'ready' ? members.value : nobody
}
