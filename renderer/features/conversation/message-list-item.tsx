import { createContext, use } from 'react'
import type { CustomItemComponentProps } from 'virtua'
import { useTranslation } from 'react-i18next'
import { safeName, spokenText } from '../../components/safe-text.ts'
import { clockTime } from '../../i18n/format.ts'
import type { Row } from './rows.ts'
import css from './message-item.module.css'

/** What the virtual list's items need beyond their index. */
export const RowsContext = createContext<{ rows: readonly Row[]; focused: number }>({ rows: [], focused: -1 })

/** One `li`, named “author, text, time”, and one stop for the keyboard. */
export function ListItem({ index, children, ref, style }: CustomItemComponentProps) {
  const { t, i18n } = useTranslation()
  const { rows, focused } = use(RowsContext)
  const message = rows[index]?.message
  if (message === undefined) return null
  const name = t('conversation.itemName', {
    author: safeName(message.author.name),
    text: message.deleted ? t('conversation.deleted') : spokenText(message.text),
    time: clockTime(i18n.language, message.sentAt),
  })
  return (
    <li
      ref={ref}
      style={style}
      className={css['item']}
      aria-label={name}
      aria-setsize={rows.length}
      aria-posinset={index + 1}
      data-index={index}
      tabIndex={index === focused ? 0 : -1}
    >
      {children}
    </li>
  )
}
