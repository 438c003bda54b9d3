import type { TFunction } from 'i18next'
import { Check, CircleAlert, Minus, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AwayPerson, CheckStatus, CheckValues, ConnectionCheck } from '../../../shared/domain/connection-check.ts'
import { safeName } from '../../components/safe-text.ts'
import { dateAndTime } from '../../i18n/format.ts'
import css from './connection-findings.module.css'

/** What a test found: in the order in which it was looked at, for one thing stands on another. What is of one relay stands together. */
export function ConnectionFindings({ findings }: { findings: readonly ConnectionCheck[] }) {
  const { t } = useTranslation()
  return (
    <ul className={css['list']} aria-label={t('connectionTest.results')}>
      {groupsOf(findings).map(({ relay, checks }) =>
        relay === null ? (
          checks.map((check) => <Finding key={check.code} check={check} />)
        ) : (
          <li key={relay} className={css['relay']}>
            <h4 className={css['heading']}>{t('connectionTest.relay', { relay })}</h4>
            <ul className={css['list']}>
              {checks.map((check) => (
                <Finding key={check.code} check={check} />
              ))}
            </ul>
          </li>
        ),
      )}
    </ul>
  )
}

interface Group {
  relay: string | null
  checks: ConnectionCheck[]
}

function groupsOf(findings: readonly ConnectionCheck[]): Group[] {
  const groups: Group[] = []
  for (const check of findings) {
    const last = groups.at(-1)
    if (last?.relay === check.relay) last.checks.push(check)
    else groups.push({ relay: check.relay, checks: [check] })
  }
  return groups
}

function Finding({ check: { code, status, values, away } }: { check: ConnectionCheck }) {
  const { t } = useTranslation()
  const remedy = t(`connectionTest.remedy.${code}`)
  return (
    <li className={css['finding']} data-status={status}>
      <Sign status={status} />
      <div className={css['words']}>
        <p>
          <span className="sr-only">{`${t(`connectionTest.status.${status}`)}: `}</span>
          {t(`connectionTest.says.${code}`, { ...NO_VALUES, ...values })}
        </p>
        {remedy === '' ? null : <p className={css['remedy']}>{remedy}</p>}
        {away.length === 0 ? null : <Away away={away} />}
      </div>
    </li>
  )
}

const NO_VALUES: Required<CheckValues> = { ms: 0, ports: '', number: 0, of: 0 }

const SIGNS = { ok: Check, warning: TriangleAlert, failed: CircleAlert, skipped: Minus } as const satisfies Record<CheckStatus, unknown>

function Sign({ status }: { status: CheckStatus }) {
  const Drawn = SIGNS[status]
  return <Drawn className={css['sign']} size={16} strokeWidth={1.75} aria-hidden />
}

/** Who is not connected, when that was different, and what there is to try. */
function Away({ away }: { away: readonly AwayPerson[] }) {
  const { t, i18n } = useTranslation()
  return (
    <ul className={css['away']} aria-label={t('connectionTest.away')}>
      {away.map(({ name, ways, ...times }, index) => {
        const kinds = (['near', 'far', 'relayed'] as const).filter((kind) => ways[kind] > 0)
        const tried = kinds.map((kind) => t(`connectionTest.${kind}`, { number: ways[kind] })).join(', ')
        return (
          <li key={index}>
            <bdi className={css['name']}>{safeName(name)}</bdi>
            {` · ${lastSeen(t, i18n.language, times)}`}
            {` · ${tried === '' ? t('connectionTest.waysNone') : t('connectionTest.ways', { ways: tried })}`}
          </li>
        )
      })}
    </ul>
  )
}

function lastSeen(t: TFunction, language: string, { lastSeenAt, letInAt }: Pick<AwayPerson, 'lastSeenAt' | 'letInAt'>): string {
  if (lastSeenAt !== null) return t('connectionTest.seen', { time: dateAndTime(language, lastSeenAt) })
  return letInAt === null ? t('connectionTest.neverSeen') : t('connectionTest.letIn', { time: dateAndTime(language, letInAt) })
}
