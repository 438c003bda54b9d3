import { useEffect, useEffectEvent, useLayoutEffect } from 'react'
import type { RefObject } from 'react'

/**
 * For what lies over the page without covering it: takes focus, gives it back when it goes, and
 * closes on Escape, on a press beside it and when the window changes its size.
 */
export function useDismiss(ref: RefObject<HTMLElement | null>, onClose: () => void): void {
  const close = useEffectEvent(onClose)
  useLayoutEffect(() => {
    const before = document.activeElement
    ref.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    const panel = ref.current
    return () => {
      // Only if it still lies here: whoever was pressed beside it has the focus by now.
      const inside = panel?.contains(document.activeElement) === true || document.activeElement === document.body
      if (inside && before instanceof HTMLElement) before.focus()
    }
  }, [ref])
  useEffect(() => {
    const press = (event: PointerEvent) => {
      const { target } = event
      if (target instanceof Node && ref.current?.contains(target) === true) return
      // The button that opened it closes it by itself.
      if (target instanceof Element && target.closest('[aria-expanded="true"]') !== null) return
      close()
    }
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      event.preventDefault()
      close()
    }
    const resized = () => close()
    document.addEventListener('pointerdown', press)
    document.addEventListener('keydown', key)
    window.addEventListener('resize', resized)
    return () => {
      document.removeEventListener('pointerdown', press)
      document.removeEventListener('keydown', key)
      window.removeEventListener('resize', resized)
    }
  }, [ref])
}
