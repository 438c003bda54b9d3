import { useEffect, useState } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Connection } from '../../../shared/domain/models.ts'
import { safeName } from '../../components/safe-text.ts'
import { nameList } from '../../i18n/format.ts'
import css from './conversation.module.css'

/** Gaps close by themselves within moments while one catches up, and nobody has to know. */
const TELL_AFTER_MS = 5_000
/** So many people are named. */
const NAMED = 2

interface GapLineProps {
  /** Of the space that is shown. */
  missing: Connection['missing']
}

/** Says what is known to be missing here for longer than a moment, and who is asked for it. */
export function GapLine({ missing }: GapLineProps) {
  const { t, i18n } = useTranslation()
  const isOpen = missing.length > 0
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    if (!isOpen) return
    const timer = setTimeout(() => setLong(true), TELL_AFTER_MS)
    return () => {
      clearTimeout(timer)
      setLong(false)
    }
  }, [isOpen])
  if (!isOpen || !isLong) return null
  return (
    <p className={css['returning']} role="status">
      <bdi>{words(t, i18n.language, missing)}</bdi>
    </p>
  )
}

function words(t: TFunction, language: string, missing: Connection['missing']): string {
  const few = (names: string[]): string => {
    const more = names.length - NAMED
    return nameList(language, more > 0 ? [...names.slice(0, NAMED), t('conversation.gapOthers', { count: more })] : names)
  }
  const from = few(missing.map(({ name }) => safeName(name)))
  const count = missing.reduce((sum, { messages }) => sum + messages, 0)
  const names = [...new Set(missing.flatMap(({ asked }) => asked.map(safeName)))]
  return names.length === 0 ? t('conversation.gapWaits', { count, from }) : t('conversation.gapAsked', { count, from, names: few(names) })
}
