import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import type { InvitationId } from '../../../shared/domain/ids.ts'
import type { Invitation } from '../../../shared/domain/models.ts'
import { Button } from '../../components/button.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine, Hint } from '../../components/field.tsx'
import { dateAndTime } from '../../i18n/format.ts'
import css from './invite.module.css'

interface ActiveInvitationsProps {
  /** Null when they could not be loaded. */
  invitations: Invitation[] | null
  loading: boolean
  onRevoke: (invitationId: InvitationId) => Promise<CodedError | null>
}

export function ActiveInvitations({ invitations, loading, onRevoke }: ActiveInvitationsProps) {
  const { t } = useTranslation()
  if (invitations === null) return loading ? null : <Hint>{t('invitations.activeFailed')}</Hint>
  if (invitations.length === 0) return null
  return (
    <section className={css['active']}>
      <h3>{t('invitations.active')}</h3>
      <ul aria-label={t('invitations.active')}>
        {invitations.map((invitation) => (
          <ActiveInvitation key={invitation.invitationId} invitation={invitation} onRevoke={onRevoke} />
        ))}
      </ul>
    </section>
  )
}

interface ActiveInvitationProps {
  invitation: Invitation
  onRevoke: ActiveInvitationsProps['onRevoke']
}

/** Asks before it revokes: what a revoked link was sent for cannot be brought back. */
function ActiveInvitation({ invitation, onRevoke }: ActiveInvitationProps) {
  const { t, i18n } = useTranslation()
  const words = useErrorWords()
  const [asking, setAsking] = useState(false)
  const [problem, setProblem] = useState<CodedError | null>(null)
  const { uses, maxUses } = invitation
  const time = dateAndTime(i18n.language, invitation.expiresAt)
  const usage = maxUses === null ? t('invitations.used', { uses }) : t('invitations.usedOf', { uses, max: maxUses })
  const origin = invitation.link === null ? ` · ${t('invitations.elsewhere')}` : ''
  return (
    <li className={css['item']}>
      <div>
        {t('invitations.until', { time })} <span>{`· ${usage}${origin}`}</span>
      </div>
      {asking ? null : (
        <Button tone="quiet" aria-label={t('invitations.revokeNamed', { time })} onClick={() => setAsking(true)}>
          {t('invitations.revoke')}
        </Button>
      )}
      {asking ? (
        <div className={css['ask']}>
          <p>{t('invitations.revokeAsk')}</p>
          <Button autoFocus onClick={() => setAsking(false)}>
            {t('invitations.revokeKeep')}
          </Button>
          <Button tone="danger" onClick={() => void onRevoke(invitation.invitationId).then(setProblem)}>
            {t('invitations.revokeSure')}
          </Button>
        </div>
      ) : null}
      {problem === null ? null : <ErrorLine text={words(problem)} />}
    </li>
  )
}
