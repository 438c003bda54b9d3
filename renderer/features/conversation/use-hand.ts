import { useCallback, useEffect, useRef } from 'react'
import type { RefObject } from 'react'

/** By these somebody moves a list; that their pointer only lies over it is none. */
const MOVES = ['wheel', 'touchmove', 'keydown', 'pointerdown', 'focusin'] as const
/** A wheel runs on for a while, and a key scrolls smoothly. */
const LASTS_MS = 1_000

/**
 * Whether somebody moves what is in `scroller`, or did just now: what moves by itself is a window that becomes narrower, or rows that turn
 * out to be higher than was thought.
 */
export function useHand(scroller: RefObject<HTMLElement | null>): () => boolean {
  const last = useRef(-Infinity)
  const held = useRef(false)
  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const moved = (event: Event) => {
      last.current = performance.now()
      if (event.type === 'pointerdown') held.current = true
    }
    // A scroll bar, or a selection, is let go of anywhere.
    const released = () => {
      if (held.current) last.current = performance.now()
      held.current = false
    }
    for (const name of MOVES) element.addEventListener(name, moved, { passive: true })
    for (const name of ['pointerup', 'pointercancel']) window.addEventListener(name, released)
    return () => {
      for (const name of MOVES) element.removeEventListener(name, moved)
      for (const name of ['pointerup', 'pointercancel']) window.removeEventListener(name, released)
    }
  }, [scroller])
  return useCallback(() => held.current || performance.now() - last.current < LASTS_MS, [])
}
