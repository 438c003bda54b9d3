import { useMemo, useRef } from 'react'
import { ArrowDown } from 'lucide-react'
import type { FocusEvent, KeyboardEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Virtualizer } from 'virtua'
import type { CustomContainerComponentProps, CustomItemComponentProps } from 'virtua'
import type { Member, Message } from '../../../shared/domain/models.ts'
import { MessageItem } from './message-item.tsx'
import { RowsContext, ListItem } from './message-list-item.tsx'
import type { Row } from './rows.ts'
import { useStickToEnd } from './use-stick-to-end.ts'
import css from './message-list.module.css'

interface MessageListProps {
  rows: Row[]
  members: readonly Member[]
  now: number
  /** Above the oldest message: the beginning of the channel, or a word about loading. */
  head: ReactNode
  hasOlder: boolean
  onOlder: () => void
  /** Called with the newest message whenever the end of the list is in view. */
  onAtEnd: (newest: Message) => void
  /** A message from someone else came while the end was out of view. */
  onUnseen: (message: Message) => void
}

/** Distance from the top, in pixels, at which older messages are fetched: about one window. */
const FETCH_AT = 800

const List = ({ ref, ...rest }: CustomContainerComponentProps) => {
  const { t } = useTranslation()
  return <ol {...rest} ref={ref} aria-label={t('conversation.list')} />
}
const Item = (props: CustomItemComponentProps) => <ListItem {...props} />

export function MessageList({ rows, members, now, head, hasOlder, onOlder, onAtEnd, onUnseen }: MessageListProps) {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const stick = useStickToEnd({ rows, scroller, onAtEnd, onUnseen })
  const context = useMemo(() => ({ rows, focused: stick.focused }), [rows, stick.focused])

  const scrolled = (offset: number) => {
    stick.scrolled()
    if (hasOlder && offset < FETCH_AT) onOlder()
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
          >
            {(row) => <MessageItem key={row.message.messageId} row={row} members={members} now={now} />}
          </Virtualizer>
        </RowsContext>
      </div>
      {stick.atEnd ? null : (
        <button type="button" className={css['pill']} data-new={stick.unseen > 0 || undefined} onClick={stick.toEnd}>
          <ArrowDown size={16} strokeWidth={1.75} aria-hidden />
          {stick.unseen > 0 ? t('conversation.newMessages', { count: stick.unseen }) : t('conversation.toLatest')}
        </button>
      )}
    </div>
  )
}
