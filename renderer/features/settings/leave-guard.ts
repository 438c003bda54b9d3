import { createContext, use, useEffect } from 'react'

/** What is asked before a page of the settings is left: it goes on by `leave`, or does not. */
export type Guard = (leave: () => void) => void

export interface Guarded {
  /** Null lets whoever wants to leave go at once. */
  guard: Guard | null
}

/** The frame of the settings holds one; what is shown in it may stand in the way for a while. */
export const LeaveGuard = createContext<Guarded>({ guard: null })

/** Stands in the way of closing the settings, and of another page, while `guard` is not null. */
export function useLeaveGuard(guard: Guard | null): void {
  const guarded = use(LeaveGuard)
  useEffect(() => {
    guarded.guard = guard
    return () => {
      guarded.guard = null
    }
  }, [guarded, guard])
}
