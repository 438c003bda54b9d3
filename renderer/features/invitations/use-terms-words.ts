import { useTranslation } from 'react-i18next'
import type { Invitation } from '../../../shared/domain/models.ts'
import { dateAndTime } from '../../i18n/format.ts'

/** What an invitation allows: “Until Sat, 5 Dec, 12:41, for one person”. */
export function useTermsWords(): (invitation: Pick<Invitation, 'expiresAt' | 'maxUses'>) => string {
  const { t, i18n } = useTranslation()
  return ({ expiresAt, maxUses }) =>
    t('invitations.terms', {
      time: dateAndTime(i18n.language, expiresAt),
      people: maxUses === null ? t('invitations.forAny') : t('invitations.forCount', { count: maxUses }),
    })
}
