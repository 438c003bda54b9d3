import { Fragment } from 'react'
import { RotateCw } from 'lucide-react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Connection } from '../../../shared/domain/models.ts'
import { IconButton } from '../../components/button.tsx'
import { safeName } from '../../components/safe-text.ts'
import { nameList } from '../../i18n/format.ts'
import type { ConnectionStore } from './connection-store.ts'
import { queuedCount, summarise } from './connection-summary.ts'
import type { Summary } from './connection-summary.ts'
import css from './connection-status.module.css'

/** So many people are named; more are counted. The line is short. */
const NAMED = 1

interface ConnectionStatusProps {
  store: ConnectionStore
  /** Beside what matters more: the words go on hover alone where there is no room for them. */
  compact?: boolean
}

/** One line: how this device is connected, and what still waits to leave it. */
export function ConnectionStatus({ store, compact = false }: ConnectionStatusProps) {
  const { t, i18n } = useTranslation()
  const connection = useStore(store.store, (state) => state.connection)
  const known = connection.kind === 'ready' ? connection.value : null
  const kind = known === null ? 'starting' : summarise(known).kind
  const parts = known === null ? [t('connection.starting')] : connectionWords(t, i18n.language, known)
  const stuck = kind === 'offline' || kind === 'nobody'
  return (
    <div className={css['line']} data-kind={kind} data-compact={compact} title={parts.join(' · ')}>
      <span className={css['sign']} aria-hidden />
      <span role="status" aria-label={t('connection.label')} className={css['words']}>
        {parts.map((part, index) => (
          <Fragment key={index}>
            {index === 0 ? null : <span className={css['between']}> · </span>}
            <span className={css['part']}>{part}</span>
          </Fragment>
        ))}
      </span>
      {stuck ? (
        <IconButton
          small
          className={css['retry']}
          label={t('connection.retry')}
          icon={<RotateCw size={14} strokeWidth={1.75} />}
          onClick={store.retry}
        />
      ) : null}
    </div>
  )
}

/** Each for a line of its own: how one is connected, and what waits. */
function connectionWords(t: TFunction, language: string, connection: Connection): string[] {
  const queued = queuedCount(connection)
  const waiting = queued === 0 ? [] : [t('connection.queued', { count: queued })]
  return [summaryWords(t, language, summarise(connection)), ...waiting]
}

function summaryWords(t: TFunction, language: string, summary: Summary): string {
  switch (summary.kind) {
    case 'offline':
      return t('connection.offline')
    case 'alone':
      return t('connection.alone')
    case 'nobody':
      return t('connection.nobody')
    case 'reaching':
      return t('connection.looking', { count: summary.count })
    case 'connected':
      return summary.names.length <= NAMED
        ? t('connection.connectedTo', { names: nameList(language, summary.names.map(safeName)) })
        : t('connection.connected', { count: summary.names.length })
  }
}
