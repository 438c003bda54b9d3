import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Connection } from '../../../shared/domain/models.ts'

/** Whether others come to this device, and how, one line each: only what the node knows. */
export function useReachedLines({ reachability, reachedBy }: Connection): string[] {
  const { t } = useTranslation()
  const { relays, outside } = reachedBy
  const beyond = [
    relays.of === 0 ? t('reached.relaysNone') : t('reached.relays', { held: relays.held, of: relays.of }),
    t(`reached.outside.${outside}`),
  ]
  return [summary(t, reachedBy), ...(reachability === 'local' ? [] : beyond)]
}

function summary(t: TFunction, { nearby, outside, relays }: Connection['reachedBy']): string {
  if (outside === 'confirmed' || outside === 'met') return t('reached.summary.straight')
  if (relays.held > 0) return t('reached.summary.relays')
  return t(nearby ? 'reached.summary.nearby' : 'reached.summary.nobody')
}
