import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { Message } from '../../../shared/domain/models.ts'
import { useRowChange } from './use-row-change.ts'
import type { RowChange } from './use-row-change.ts'
import type { Row } from './rows.ts'

/** So near to the end, in pixels, counts as being there. */
const NEAR = 40

interface Options {
  rows: Row[]
  scroller: RefObject<HTMLDivElement | null>
  /** Called with the newest message whenever the end is in view. */
  onAtEnd: (newest: Message) => void
  /** Called when a message from someone else came while the end was out of view. */
  onUnseen: (message: Message) => void
}

/**
 * Keeps a message list at its end while the reader is there, and where it is while the reader is
 * not: older messages are put above without a jump, newer ones are counted.
 */
export function useStickToEnd({ rows, scroller, onAtEnd, onUnseen }: Options) {
  const handle = useRef<VirtualizerHandle>(null)
  const sticking = useRef(true)
  const [atEnd, setAtEnd] = useState(true)
  const [unseen, setUnseen] = useState(0)
  const change = useRowChange(rows)
  const { focused, setFocused, kept } = useFocusedRow(rows.length, change)
  const last = rows.at(-1)?.message

  const toEnd = useCallback(() => {
    sticking.current = true
    setAtEnd(true)
    setUnseen(0)
    handle.current?.scrollToIndex(rows.length - 1, { align: 'end' })
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight })
  }, [rows.length, scroller])

  const lastSeen = useRef<string | undefined>(undefined)
  useLayoutEffect(() => {
    if (last === undefined || last.messageId === lastSeen.current) return
    lastSeen.current = last.messageId
    if (sticking.current || last.author.self) return toEnd()
    setUnseen((count) => count + 1)
    onUnseen(last)
  }, [last, toEnd, onUnseen])

  useEffect(() => {
    if (atEnd && last !== undefined) onAtEnd(last)
  }, [atEnd, last, onAtEnd])

  const scrolled = useCallback(() => {
    const element = scroller.current
    if (element === null) return
    const near = element.scrollHeight - element.clientHeight - element.scrollTop < NEAR
    sticking.current = near
    setAtEnd(near)
    if (near) setUnseen(0)
  }, [scroller])

  const focus = useCallback(
    (index: number) => {
      const target = Math.min(Math.max(index, 0), rows.length - 1)
      setFocused(target)
      handle.current?.scrollToIndex(target, { align: 'nearest' })
      requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${target}"]`)?.focus({ preventScroll: true }))
    },
    [rows.length, scroller, setFocused],
  )
  const { headRef, headHeight } = useKeepEnd(scroller, sticking)
  return { handle, headRef, headHeight, prepending: change.prepending, atEnd, unseen, focused, setFocused, focus, kept, toEnd, scrolled }
}

/** The window, the composer or a measured message may change sizes: while the reader is at the end, it stays in view. */
function useKeepEnd(scroller: RefObject<HTMLDivElement | null>, sticking: RefObject<boolean>) {
  const [headElement, headRef] = useState<HTMLElement | null>(null)
  const [headHeight, setHeadHeight] = useState(0)
  useEffect(() => {
    const element = scroller.current
    if (element === null || headElement === null) return
    const observer = new ResizeObserver(() => {
      setHeadHeight(headElement.offsetTop + headElement.offsetHeight)
      if (sticking.current) element.scrollTo({ top: element.scrollHeight })
    })
    observer.observe(element)
    for (const child of element.children) observer.observe(child)
    return () => observer.disconnect()
  }, [scroller, headElement, sticking])
  return { headRef, headHeight }
}

/** Which row the keyboard is on: it follows its message when older ones are put above, and the newest while it is there. */
function useFocusedRow(count: number, change: RowChange) {
  const [focused, setFocused] = useState(count - 1)
  const [applied, setApplied] = useState(change)
  if (applied !== change) {
    setApplied(change)
    if (change.prepending) setFocused(focused + change.added)
    else if (focused >= count - 1 - change.added) setFocused(count - 1)
  }
  const kept = useMemo(() => (focused >= 0 && focused < count ? [focused] : []), [focused, count])
  return { focused, setFocused, kept }
}
