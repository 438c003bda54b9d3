import { createContext, use } from 'react'
import type { MouseEvent } from 'react'
import type { CustomItemComponentProps } from 'virtua'
import { useTranslation } from 'react-i18next'
import type { MessageId } from '../../../shared/domain/ids.ts'
import { safeName, spokenText } from '../../components/safe-text.ts'
import { anchorAt, anchorOf } from '../../components/use-floating.ts'
import { clockTime } from '../../i18n/format.ts'
import { MessageActions } from './message-actions.ts'
import type { Row } from './rows.ts'
import css from './message-item.module.css'

interface RowsContextValue {
  rows: readonly Row[]
  focused: number
  /** The message that was jumped to. */
  landed: MessageId | null
}

/** What the virtual list's items need beyond their index. */
export const RowsContext = createContext<RowsContextValue>({ rows: [], focused: -1, landed: null })

/** Whether the keyboard is on the row: only then Tab reaches the buttons in it. */
export const RowFocused = createContext(false)

/** One `li`, named “author, text, time”, and one stop for the keyboard. */
export function ListItem({ index, children, ref, style }: CustomItemComponentProps) {
  const { t, i18n } = useTranslation()
  const { rows, focused, landed } = use(RowsContext)
  const actions = use(MessageActions)
  const message = rows[index]?.message
  if (message === undefined) return null
  const name = t('conversation.itemName', {
    author: safeName(message.author.name),
    text: message.deleted ? t('conversation.deleted') : spokenText(message.text),
    time: clockTime(i18n.language, message.sentAt),
  })
  const openMenu = (event: MouseEvent<HTMLElement>) => {
    if (actions === null) return
    event.preventDefault()
    // The keyboard's menu key gives no place of its own.
    const byKey = event.clientX === 0 && event.clientY === 0
    actions.onMenu(message, byKey ? anchorOf(event.currentTarget) : anchorAt(event.clientX, event.clientY))
  }
  return (
    <li
      ref={ref}
      style={style}
      className={css['item']}
      aria-label={name}
      aria-setsize={rows.length}
      aria-posinset={index + 1}
      data-index={index}
      data-landed={message.messageId === landed || undefined}
      tabIndex={index === focused ? 0 : -1}
      onContextMenu={openMenu}
    >
      <RowFocused value={index === focused}>{children}</RowFocused>
    </li>
  )
}
