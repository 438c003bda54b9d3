import { useCallback, useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { Message } from '../../../shared/domain/models.ts'
import type { Place } from './landing.ts'
import { useHand } from './use-hand.ts'
import { useRowChange } from './use-row-change.ts'
import type { RowChange } from './use-row-change.ts'
import type { Row } from './rows.ts'

/** So near to the end, in pixels, counts as being there. */
const NEAR = 40
/** What stays visible above the first unread message, in pixels. */
const CONTEXT = 96

interface Options {
  rows: Row[]
  scroller: RefObject<HTMLDivElement | null>
  /** Whether new messages appear at the end of these rows. */
  live: boolean
  /** Where to stand: every new object is a wish to go there. */
  place: Place
  /** Called with the newest message whenever the end is in view. */
  onAtEnd: (newest: Message) => void
  /** Called whenever the end, where new messages appear, comes into view or leaves it. */
  onWatch: (atEnd: boolean) => void
}

/**
 * Keeps a message list at its end while the reader is there, and where it is while the reader is
 * not: rows are put above and below without a jump. Goes where it is asked to.
 */
export function useStickToEnd({ rows, scroller, live, place, onAtEnd, onWatch }: Options) {
  const handle = useRef<VirtualizerHandle>(null)
  const sticking = useRef(live && place.kind === 'end')
  const [atEnd, setAtEnd] = useState(sticking.current)
  const isMoved = useHand(scroller)
  const size = useRef('')
  const change = useRowChange(rows)
  const { focused, setFocused, kept } = useFocusedRow(rows.length, change)
  const last = rows.at(-1)?.message

  const look = useCallback(() => {
    const element = scroller.current
    if (element === null) return
    const near = live && element.scrollHeight - element.clientHeight - element.scrollTop < NEAR
    const before = size.current
    size.current = `${element.clientWidth} ${element.clientHeight} ${element.scrollHeight}`
    // Nobody left the end: it went away, as it does where the window becomes narrower.
    if (!near && sticking.current && before !== size.current && !isMoved()) return element.scrollTo({ top: element.scrollHeight })
    sticking.current = near
    setAtEnd(near)
  }, [scroller, live, isMoved])

  const toEnd = useEffectEvent(() => {
    sticking.current = live
    setAtEnd(live)
    handle.current?.scrollToIndex(rows.length - 1, { align: 'end' })
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight })
  })
  const land = useEffectEvent((wish: Place) => {
    const index = wish.kind === 'end' ? -1 : rows.findIndex(({ message }) => message.messageId === wish.messageId)
    if (index < 0) return toEnd()
    sticking.current = false
    setFocused(index)
    handle.current?.scrollToIndex(index, wish.kind === 'unread' ? { align: 'start', offset: -CONTEXT } : { align: 'center' })
    // Where everything fits, nothing scrolls, and nobody would say that the end is in view.
    requestAnimationFrame(look)
  })
  useLayoutEffect(() => land(place), [place])

  const lastId = last?.messageId
  useLayoutEffect(() => {
    if (lastId !== undefined && sticking.current) toEnd()
  }, [lastId])

  useEffect(() => {
    if (atEnd && last !== undefined) onAtEnd(last)
  }, [atEnd, last, onAtEnd])
  useEffect(() => {
    onWatch(atEnd)
  }, [atEnd, onWatch])
  useEffect(() => () => onWatch(false), [onWatch])

  const focus = useCallback(
    (index: number) => {
      const target = Math.min(Math.max(index, 0), rows.length - 1)
      setFocused(target)
      handle.current?.scrollToIndex(target, { align: 'nearest' })
      requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${target}"]`)?.focus({ preventScroll: true }))
    },
    [rows.length, scroller, setFocused],
  )
  const { headRef, headHeight } = useKeepPlace(scroller, sticking, look)
  return { handle, headRef, headHeight, prepending: change.prepending, atEnd, focused, setFocused, focus, kept, look }
}

/**
 * The window, the composer or a measured message may change sizes: while the reader is at the end,
 * it stays in view. What stands above the rows may too: the rows stay where they are.
 */
function useKeepPlace(scroller: RefObject<HTMLDivElement | null>, sticking: RefObject<boolean>, look: () => void) {
  const [headElement, headRef] = useState<HTMLElement | null>(null)
  const [headHeight, setHeadHeight] = useState(0)
  useEffect(() => {
    const element = scroller.current
    if (element === null || headElement === null) return
    let before = headElement.offsetHeight
    const observer = new ResizeObserver(() => {
      setHeadHeight(headElement.offsetTop + headElement.offsetHeight)
      const grown = headElement.offsetHeight - before
      before = headElement.offsetHeight
      if (sticking.current) element.scrollTo({ top: element.scrollHeight })
      else if (grown !== 0 && element.scrollTop > 0) element.scrollTo({ top: element.scrollTop + grown })
      // Where all of it fits by now, nothing scrolls, and nobody else would say that the end is in view.
      else look()
    })
    observer.observe(element)
    for (const child of element.children) observer.observe(child)
    return () => observer.disconnect()
  }, [scroller, headElement, sticking, look])
  return { headRef, headHeight }
}

/** Which row the keyboard is on: it follows its message when rows are put above, and the newest while it is there. */
function useFocusedRow(count: number, change: RowChange) {
  const [focused, setFocused] = useState(count - 1)
  const [applied, setApplied] = useState(change)
  if (applied !== change) {
    setApplied(change)
    if (change.prepending) setFocused(Math.max(focused + change.added, 0))
    else if (focused >= count - 1 - change.added) setFocused(count - 1)
  }
  const kept = useMemo(() => (focused >= 0 && focused < count ? [focused] : []), [focused, count])
  return { focused, setFocused, kept }
}
