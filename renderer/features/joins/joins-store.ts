import { createStore } from 'zustand/vanilla'
import type { CallResult, CodedError } from '../../../shared/ipc/error-codes.ts'
import type { JoinId } from '../../../shared/domain/ids.ts'
import type { Join } from '../../../shared/domain/models.ts'
import type { Client } from '../../bridge/client.ts'

export interface JoinsState {
  joins: readonly Join[]
}

/** Joins under way or ended and not yet dismissed; they outlive a restart in the node. */
export function createJoinsStore(client: Client) {
  const store = createStore<JoinsState>(() => ({ joins: [] }))
  const put = (join: Join) => store.setState(({ joins }) => ({ joins: withJoin(joins, join) }))
  const drop = (joinId: JoinId) => store.setState(({ joins }) => ({ joins: joins.filter((join) => join.joinId !== joinId) }))

  const act = async (method: 'joins.cancel' | 'joins.retry', joinId: JoinId): Promise<CodedError | null> => {
    const result = await client.call(method, { joinId })
    if (!result.ok) return result.error
    put(result.value)
    return null
  }
  return {
    store,
    start: () => {
      const told = new Set<JoinId>()
      const stop = client.on('join.changed', (join) => {
        told.add(join.joinId)
        put(join)
      })
      void client.call('joins.list', {}).then((result) => {
        if (!result.ok) return
        for (const join of result.value) if (!told.has(join.joinId)) put(join)
      })
      return stop
    },
    read: (link: string) => client.call('invitations.read', { link }),
    begin: async (link: string): Promise<CallResult<Join>> => {
      const result = await client.call('joins.start', { link })
      if (result.ok) put(result.value)
      return result
    },
    retry: (joinId: JoinId) => act('joins.retry', joinId),
    cancel: (joinId: JoinId) => act('joins.cancel', joinId),
    dismiss: async (joinId: JoinId): Promise<CodedError | null> => {
      const result = await client.call('joins.dismiss', { joinId })
      if (!result.ok && result.error.code !== 'not-found') return result.error
      drop(joinId)
      return null
    },
  }
}

export type JoinsStore = ReturnType<typeof createJoinsStore>

const withJoin = (joins: readonly Join[], join: Join): Join[] =>
  joins.some((known) => known.joinId === join.joinId)
    ? joins.map((known) => (known.joinId === join.joinId ? join : known))
    : [...joins, join]

/** Those that still ask for attention: under way, or refused and not dismissed. */
export const openJoins = (joins: readonly Join[]): Join[] =>
  joins.filter(({ state }) => state.kind === 'working' || state.kind === 'waiting' || state.kind === 'refused')
