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
  const words = known === null ? t('connection.starting') : connectionWords(t, i18n.language, known)
  const stuck = kind === 'offline' || kind === 'nobody'
  return (
    <div className={css['line']} data-kind={kind} data-compact={compact} title={words}>
      <span className={css['sign']} aria-hidden />
      <span role="status" aria-label={t('connection.label')} className={css['words']}>
        {words}
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

function connectionWords(t: TFunction, language: string, connection: Connection): string {
  const queued = queuedCount(connection)
  const waiting = queued === 0 ? '' : ` · ${t('connection.queued', { count: queued })}`
  const summary = summarise(connection)
  switch (summary.kind) {
    case 'offline':
      return t('connection.offline') + waiting
    case 'alone':
      return t('connection.alone') + waiting
    case 'nobody':
      return t('connection.nobody') + waiting
    case 'reaching':
      return t('connection.looking', { count: summary.count }) + waiting
    case 'connected':
      return summary.names.length <= NAMED
        ? t('connection.connectedTo', { names: nameList(language, summary.names.map(safeName)) }) + waiting
        : t('connection.connected', { count: summary.names.length }) + waiting
  }
}
