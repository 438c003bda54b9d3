import { createStore } from 'zustand/vanilla'
import type { CallResult, CodedError } from '../../../shared/ipc/error-codes.ts'
import type { JoinId } from '../../../shared/domain/ids.ts'
import type { Join, Space } from '../../../shared/domain/models.ts'
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

const cameToNothing = ({ state }: Join): boolean => state.kind === 'refused' || state.kind === 'cancelled'

/** As the node stores it: a join takes the place of those for the same space that came to nothing. */
function withJoin(joins: readonly Join[], join: Join): Join[] {
  const isKnown = joins.some(({ joinId }) => joinId === join.joinId)
  const others = joins.filter((other) => other.joinId === join.joinId || other.spaceId !== join.spaceId || !cameToNothing(other))
  return isKnown ? others.map((known) => (known.joinId === join.joinId ? join : known)) : [...others, join]
}

/** Those that still ask for attention: under way, or refused, not dismissed, and of a space in which this device is not. */
export function openJoins(joins: readonly Join[], spaces: readonly Space[]): Join[] {
  const inside = spaces.filter(({ status, astray, returning }) => status.kind === 'member' && !astray && !returning)
  return joins.filter(({ state, spaceId }) => {
    if (state.kind === 'refused') return !inside.some((space) => space.spaceId === spaceId)
    return state.kind === 'working' || state.kind === 'waiting'
  })
}
