import { useEffect, useEffectEvent, useMemo, useRef } from 'react'
import { ArrowDown } from 'lucide-react'
import type { FocusEvent, KeyboardEvent, ReactNode, WheelEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Virtualizer } from 'virtua'
import type { CustomContainerComponentProps, CustomItemComponentProps } from 'virtua'
import type { MessageId } from '../../../shared/domain/ids.ts'
import type { Member, Message } from '../../../shared/domain/models.ts'
import type { Place } from './landing.ts'
import { MessageItem } from './message-item.tsx'
import { RowsContext, ListItem } from './message-list-item.tsx'
import type { Row } from './rows.ts'
import { useLanded } from './use-landed.ts'
import { useStickToEnd } from './use-stick-to-end.ts'
import css from './message-list.module.css'

/** A message for the keyboard to be on: every new object is a wish. Null where none is left. */
export interface FocusWish {
  messageId: MessageId | null
}

interface MessageListProps {
  rows: Row[]
  members: readonly Member[]
  now: number
  /** Above the oldest message: the beginning of the channel, or a word about loading. */
  head: ReactNode
  /** Below the newest that is loaded, where that is not the end. */
  foot: ReactNode
  /** Whether the newest message of all is among the rows. */
  live: boolean
  place: Place
  toFocus: FocusWish | null
  /** Called where what `toFocus` asks for is not there. */
  onNothingToFocus: () => void
  /** Messages of others that nobody saw yet. */
  arrived: number
  hasOlder: boolean
  onOlder: () => void
  hasNewer: boolean
  onNewer: () => void
  onToNewest: () => void
  /** Called with the newest message whenever the end of the list is in view. */
  onAtEnd: (newest: Message) => void
  /** Called with the lowest message in view when scrolling comes to rest. */
  onSeen: (message: Message) => void
  onWatch: (atEnd: boolean) => void
  /** Scrolling has come to rest. */
  onRest: () => void
}

/** Distance from an end, in pixels, at which the page beyond it is fetched: about one window. */
const FETCH_AT = 800

const List = ({ ref, ...rest }: CustomContainerComponentProps) => {
  const { t } = useTranslation()
  return <ol {...rest} ref={ref} aria-label={t('conversation.list')} />
}
const Item = (props: CustomItemComponentProps) => <ListItem {...props} />

export function MessageList({ rows, members, now, head, foot, live, place, arrived, onToNewest, ...rest }: MessageListProps) {
  const { toFocus, onNothingToFocus, hasOlder, onOlder, hasNewer, onNewer, onAtEnd, onSeen, onWatch, onRest } = rest
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const stick = useStickToEnd({ rows, scroller, live, place, onAtEnd, onWatch })
  const landed = useLanded(place)
  const context = useMemo(() => ({ rows, focused: stick.focused, landed }), [rows, stick.focused, landed])

  const takeFocus = useEffectEvent(({ messageId }: FocusWish) => {
    const index = rows.findIndex(({ message }) => message.messageId === messageId)
    if (index >= 0) return stick.focus(index)
    onNothingToFocus()
    // Where nobody may write there is nothing else to go on from.
    if (document.activeElement === document.body) scroller.current?.focus()
  })
  useEffect(() => {
    if (toFocus !== null) takeFocus(toFocus)
  }, [toFocus])

  const fetch = () => {
    const element = scroller.current
    if (element === null) return
    if (hasOlder && element.scrollTop < FETCH_AT) onOlder()
    if (hasNewer && element.scrollHeight - element.clientHeight - element.scrollTop < FETCH_AT) onNewer()
  }
  // Where a page does not fill the window, nothing scrolls.
  const fetchLatest = useRef(fetch)
  useEffect(() => {
    fetchLatest.current = fetch
  })
  useEffect(() => {
    const timer = setTimeout(() => fetchLatest.current(), 60)
    return () => clearTimeout(timer)
  }, [rows.length, place])

  const scrolled = () => {
    stick.look()
    fetch()
  }
  const rested = () => {
    onRest()
    const element = scroller.current
    const lowest = element === null ? undefined : stick.handle.current?.findItemIndex(element.scrollTop + element.clientHeight)
    const row = lowest === undefined ? undefined : rows[lowest]
    if (row !== undefined) onSeen(row.message)
  }
  const moveFocus = (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    stick.focus(stick.focused + step)
  }
  const focusedWithin = (event: FocusEvent<HTMLElement>) => {
    const index = event.target.closest<HTMLElement>('[data-index]')?.dataset['index']
    if (index !== undefined) stick.setFocused(Number(index))
  }
  // What lies over the list is no part of it, so that a wheel there would turn for nothing.
  const roll = ({ deltaY }: WheelEvent) => {
    if (scroller.current !== null) scroller.current.scrollTop += deltaY
  }
  return (
    <div className={css['frame']}>
      <div ref={scroller} className={css['scroller']} onKeyDown={moveFocus} onFocus={focusedWithin} tabIndex={-1}>
        <div className={css['spacer']} />
        <div ref={stick.headRef}>{head}</div>
        <RowsContext value={context}>
          <Virtualizer
            ref={stick.handle}
            scrollRef={scroller}
            data={rows}
            as={List}
            item={Item}
            shift={stick.prepending}
            startMargin={stick.headHeight}
            itemSize={46}
            bufferSize={600}
            keepMounted={stick.kept}
            onScroll={scrolled}
            onScrollEnd={rested}
          >
            {(row) => <MessageItem key={row.message.messageId} row={row} members={members} now={now} />}
          </Virtualizer>
        </RowsContext>
        {foot}
      </div>
      {stick.atEnd ? null : (
        <button type="button" className={css['pill']} data-new={arrived > 0 || undefined} onClick={onToNewest} onWheel={roll}>
          <ArrowDown size={16} strokeWidth={1.75} aria-hidden />
          {arrived > 0 ? t('conversation.newMessages', { count: arrived }) : t('conversation.toLatest')}
        </button>
      )}
    </div>
  )
}
