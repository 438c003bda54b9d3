import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { textParts } from './safe-text.ts'
import css from './rich-text.module.css'

/** What a person wrote, as text nodes. Addresses are marked but lead nowhere yet. `end` is drawn after the last word and takes no room. */
export function RichText({ text, end }: { text: string; end?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div className={css['text']} dir="auto">
      <span>
        {textParts(text).map((part, index) => {
          switch (part.kind) {
            case 'text':
              return part.text
            case 'hidden':
              return (
                <span key={index} className={css['hidden']} title={t('conversation.hidden', { code: part.code })}>
                  {part.code}
                </span>
              )
            case 'link':
              return (
                <span key={index}>
                  <bdi className={css['link']}>{part.text}</bdi>
                  {part.host === null ? null : (
                    <span className={css['host']} title={t('conversation.linkHost', { host: part.host })}>
                      {part.host}
                    </span>
                  )}
                </span>
              )
          }
        })}
      </span>
      {end === undefined ? null : <span className={css['end']}>{end}</span>}
    </div>
  )
}
