import { useState } from 'react'
import { useTranslation } from 'react-i18next'

export interface Copying {
  /** The link that was copied last. */
  copied: string | null
  /** The link that could not be. */
  failed: string | null
  copy: (link: string) => Promise<void>
}

/** Copies links, and says of the last one how it went. */
export function useCopying(copyText: (text: string) => Promise<boolean>, onSay: (text: string) => void): Copying {
  const { t } = useTranslation()
  const [last, setLast] = useState<{ link: string; done: boolean } | null>(null)
  const copy = async (link: string) => {
    const done = await copyText(link)
    setLast({ link, done })
    onSay(done ? t('app.copied') : '')
  }
  return { copied: last?.done === true ? last.link : null, failed: last?.done === false ? last.link : null, copy }
}
