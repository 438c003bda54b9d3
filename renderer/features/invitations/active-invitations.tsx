import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import type { InvitationId } from '../../../shared/domain/ids.ts'
import type { Invitation, Member } from '../../../shared/domain/models.ts'
import { Button } from '../../components/button.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine, Hint } from '../../components/field.tsx'
import { safeName } from '../../components/safe-text.ts'
import { dateAndTime } from '../../i18n/format.ts'
import type { Copying } from './use-copying.ts'
import { useTermsWords } from './use-terms-words.ts'
import css from './invite.module.css'

interface Around {
  /** Who is in the space, to name who made an invitation. */
  members: readonly Member[]
  /** The one whose link stands above the list. */
  above: InvitationId | null
  copying: Copying
  onRevoke: (invitationId: InvitationId) => Promise<CodedError | null>
}

interface ActiveInvitationsProps extends Around {
  /** Null when they could not be loaded. */
  invitations: Invitation[] | null
  loading: boolean
}

export function ActiveInvitations({ invitations, loading, ...around }: ActiveInvitationsProps) {
  const { t } = useTranslation()
  if (invitations === null) return loading ? null : <Hint>{t('invitations.activeFailed')}</Hint>
  if (invitations.length === 0) return null
  return (
    <section className={css['active']}>
      <h3>{t('invitations.active')}</h3>
      <ul aria-label={t('invitations.active')}>
        {invitations.map((invitation) => (
          <ActiveInvitation key={invitation.invitationId} invitation={invitation} {...around} />
        ))}
      </ul>
    </section>
  )
}

/** What tells an invitation from another one by the same terms. */
function useDetails(members: readonly Member[]): (invitation: Invitation) => string[] {
  const { t, i18n } = useTranslation()
  return ({ madeAt, link, createdBy, role, uses, maxUses }) => {
    const by = members.find(({ memberId, self }) => memberId === createdBy && !self)
    const elsewhere = by === undefined ? t('invitations.elsewhere') : t('invitations.madeBy', { name: safeName(by.name) })
    const made = madeAt === null ? null : t('invitations.made', { time: dateAndTime(i18n.language, madeAt) })
    return [
      maxUses === null ? t('invitations.used', { count: uses }) : t('invitations.usedOf', { uses, max: maxUses }),
      ...(role === 'member' ? [] : [t(`invitations.role.${role}`)]),
      ...(made === null ? [] : [made]),
      ...(link === null ? [elsewhere] : []),
    ]
  }
}

interface ActiveInvitationProps extends Around {
  invitation: Invitation
}

/** Asks before it revokes: what a revoked link was sent for cannot be brought back. */
function ActiveInvitation({ invitation, members, above, copying, onRevoke }: ActiveInvitationProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const details = useDetails(members)
  const terms = useTermsWords()(invitation)
  const [asking, setAsking] = useState(false)
  const [problem, setProblem] = useState<CodedError | null>(null)
  const { link, invitationId } = invitation
  const isAbove = invitationId === above
  const said = isAbove ? [...details(invitation), t('invitations.isAbove')] : details(invitation)
  return (
    <li className={css['item']}>
      <div className={css['what']}>
        {terms}
        <span dir="auto">{said.join(' · ')}</span>
      </div>
      {asking ? null : (
        <div className={css['acts']}>
          {link === null || isAbove ? null : (
            <Button tone="quiet" aria-label={t('invitations.copyNamed', { terms })} onClick={() => void copying.copy(link)}>
              {copying.copied === link ? t('app.copied') : t('app.copy')}
            </Button>
          )}
          <Button tone="quiet" aria-label={t('invitations.revokeNamed', { terms })} onClick={() => setAsking(true)}>
            {t('invitations.revoke')}
          </Button>
        </div>
      )}
      {asking ? (
        <div className={css['ask']}>
          <p>{t('invitations.revokeAsk')}</p>
          <Button autoFocus onClick={() => setAsking(false)}>
            {t('invitations.revokeKeep')}
          </Button>
          <Button tone="danger" onClick={() => void onRevoke(invitationId).then(setProblem)}>
            {t('invitations.revokeSure')}
          </Button>
        </div>
      ) : null}
      {problem === null ? null : <ErrorLine text={words(problem)} />}
      {copying.failed === link && link !== null && !isAbove ? <ErrorLine text={t('app.copyFailed')} /> : null}
    </li>
  )
}
