import { useLayoutEffect, useState } from 'react'
import type { CSSProperties, RefObject } from 'react'

/** What something floats beside, in CSS pixels of the window. A point has no size. */
export interface Anchor {
  left: number
  top: number
  right: number
  bottom: number
}

/** Room kept between what floats, its anchor and the edges of the window, in pixels. */
const GAP = 4
const EDGE = 8

export const anchorOf = (element: Element): Anchor => {
  const { left, top, right, bottom } = element.getBoundingClientRect()
  return { left, top, right, bottom }
}

export const anchorAt = (x: number, y: number): Anchor => ({ left: x, top: y, right: x, bottom: y })

/** Places an element below its anchor, above it where there is no room, and never outside the window. */
export function useFloating(anchor: Anchor, ref: RefObject<HTMLElement | null>): CSSProperties {
  const [style, setStyle] = useState<CSSProperties>({ visibility: 'hidden' })
  const { left, top, right, bottom } = anchor
  useLayoutEffect(() => {
    const element = ref.current
    if (element === null) return
    const { offsetWidth: width, offsetHeight: height } = element
    const atStart = left === right || left + width <= window.innerWidth - EDGE
    const x = atStart ? left : right - width
    const below = bottom + GAP + height <= window.innerHeight - EDGE
    const y = below ? bottom + GAP : top - GAP - height
    setStyle({
      left: Math.max(EDGE, Math.min(x, window.innerWidth - width - EDGE)),
      top: Math.max(EDGE, Math.min(y, window.innerHeight - height - EDGE)),
    })
  }, [left, top, right, bottom, ref])
  return style
}
