import { useCallback } from 'react'
import type { KeyboardEvent } from 'react'

const ITEM = '[data-roving]'

/**
 * Arrow keys, Home and End move focus among the `data-roving` elements inside the container that
 * gets this handler. The caller keeps exactly one of them at tabIndex 0, usually the current one.
 */
export function useRoving(axis: 'vertical' | 'horizontal' = 'vertical') {
  return useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      const [back, forward] = axis === 'vertical' ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight']
      const items = [...event.currentTarget.querySelectorAll<HTMLElement>(ITEM)]
      const here = items.findIndex((item) => item === document.activeElement)
      if (here < 0) return
      const targets: Record<string, number> = { [back]: here - 1, [forward]: here + 1, Home: 0, End: items.length - 1 }
      const target = targets[event.key]
      if (target === undefined) return
      event.preventDefault()
      items[Math.min(Math.max(target, 0), items.length - 1)]?.focus()
    },
    [axis],
  )
}
