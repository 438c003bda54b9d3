import { useCallback, useEffect, useRef, useState } from 'react'
import type { SpaceId } from '../../../shared/domain/ids.ts'
import type { Invitation } from '../../../shared/domain/models.ts'
import type { InvitationCalls } from './invitations.ts'

interface Active {
  /** The newest first; null when they could not be loaded, and before they are. */
  list: Invitation[] | null
  loading: boolean
}

/** The invitations that still let somebody in, read again with every change of the space, and when asked to. */
export function useActiveInvitations(calls: InvitationCalls, spaceId: SpaceId): Active & { reload: () => Promise<void> } {
  const [active, setActive] = useState<Active>({ list: null, loading: true })
  const turns = useRef({ asked: 0, shown: 0 })
  const reload = useCallback(async () => {
    turns.current.asked += 1
    const turn = turns.current.asked
    const listed = await calls.list(spaceId)
    // An answer that was overtaken is older than what is shown.
    if (turn < turns.current.shown) return
    turns.current.shown = turn
    setActive({ list: listed.ok ? listed.value.toReversed() : null, loading: false })
  }, [calls, spaceId])
  useEffect(() => {
    const stop = calls.watch(spaceId, () => void reload())
    void reload()
    return stop
  }, [calls, spaceId, reload])
  return { ...active, reload }
}
