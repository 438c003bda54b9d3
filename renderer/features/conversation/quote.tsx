import { use, useEffect } from 'react'
import { CornerUpLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { MessageId } from '../../../shared/domain/ids.ts'
import { safeName, spokenText } from '../../components/safe-text.ts'
import { RowFocused } from './message-list-item.tsx'
import type { QuotesStore } from './quotes-store.ts'
import css from './quote.module.css'

interface QuoteProps {
  messageId: MessageId
  quotes: QuotesStore
  onGo: (messageId: MessageId) => void
}

/** What a message answers, in one line that leads there. */
export function Quote({ messageId, quotes, onGo }: QuoteProps) {
  const { t } = useTranslation()
  const quote = useStore(quotes.store, (state) => state.quotes[messageId])
  const tabIndex = use(RowFocused) ? 0 : -1
  const known = quote !== undefined
  useEffect(() => {
    if (!known) void quotes.want(messageId)
  }, [quotes, messageId, known])
  const icon = <CornerUpLeft size={14} strokeWidth={1.75} aria-hidden />
  if (quote === undefined) return <div className={css['quote']}>{icon}</div>
  if (quote === null) {
    return (
      <div className={css['quote']}>
        {icon}
        {t('conversation.quoteGone')}
      </div>
    )
  }
  const author = safeName(quote.author.name)
  const text = quote.deleted ? t('conversation.deleted') : spokenText(quote.text)
  return (
    <button
      type="button"
      className={css['quote']}
      aria-label={t('conversation.quoteGo', { author, text })}
      tabIndex={tabIndex}
      onClick={() => onGo(messageId)}
    >
      {icon}
      <bdi className={css['author']}>{author}</bdi>
      <span className={css['text']} dir="auto">
        {text}
      </span>
    </button>
  )
}
