import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import type { InvitationId } from '../../../shared/domain/ids.ts'
import type { Invitation, Member, Space } from '../../../shared/domain/models.ts'
import { Announcer } from '../../components/announcer.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine, Hint } from '../../components/field.tsx'
import { safeName } from '../../components/safe-text.ts'
import { ActiveInvitations } from './active-invitations.tsx'
import { InvitationLink } from './invitation-link.tsx'
import { InvitationTermsForm } from './invitation-terms.tsx'
import { usualTerms } from './invitations.ts'
import type { InvitationCalls, InvitationTerms } from './invitations.ts'
import { useActiveInvitations } from './use-active-invitations.ts'
import { useCopying } from './use-copying.ts'
import { useTermsWords } from './use-terms-words.ts'
import css from './invite.module.css'

interface InviteDialogProps {
  space: Space
  /** Who is in it, to name who made an invitation. */
  members: readonly Member[]
  calls: InvitationCalls
  copyText: (text: string) => Promise<boolean>
  onClose: () => void
}

/** Makes a link when it is asked to, by the terms that are chosen; each link is shown with its own. */
export function InviteDialog({ space, members, calls, copyText, onClose }: InviteDialogProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const termsWords = useTermsWords()
  const { spaceId } = space
  const { list, loading, reload } = useActiveInvitations(calls, spaceId)
  const [terms, setTerms] = useState(usualTerms)
  const [made, setMade] = useState<Invitation | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<CodedError | null>(null)
  const [said, setSaid] = useState('')
  const copying = useCopying(copyText, setSaid)

  const change = (wanted: InvitationTerms) => {
    setTerms(wanted)
    // It allows something else than what is chosen now; it stays among the active ones.
    setMade(null)
  }
  const make = async () => {
    setBusy(true)
    setProblem(null)
    const result = await calls.create(spaceId, terms)
    if (result.ok) await reload()
    setBusy(false)
    if (result.ok) setMade(result.value)
    else setProblem(result.error)
  }
  const revoke = async (invitationId: InvitationId): Promise<CodedError | null> => {
    const result = await calls.revoke(spaceId, invitationId)
    if (!result.ok) return result.error
    if (made?.invitationId === invitationId) setMade(null)
    await reload()
    setSaid(t('invitations.revoked'))
    return null
  }
  const isGone = made !== null && list?.some(({ invitationId }) => invitationId === made.invitationId) === false
  const shown = isGone ? null : made
  return (
    <Dialog title={t('invitations.title')} onClose={onClose}>
      <div className={css['column']}>
        <p className={css['lead']} dir="auto">
          {t('invitations.lead', { space: safeName(space.name) })} {t('invitations.nobodyOnline')}
        </p>
        <InvitationTermsForm terms={terms} busy={busy} another={shown !== null} onChange={change} onMake={() => void make()} />
        {problem === null ? null : <ErrorLine text={words(problem)} />}
        {isGone ? <Hint>{t('invitations.gone')}</Hint> : null}
        {shown === null || shown.link === null ? null : (
          <InvitationLink key={shown.invitationId} link={shown.link} terms={termsWords(shown)} copying={copying} />
        )}
        <ActiveInvitations
          invitations={list}
          loading={loading}
          members={members}
          above={shown?.invitationId ?? null}
          copying={copying}
          onRevoke={revoke}
        />
        <Announcer text={said} />
      </div>
    </Dialog>
  )
}
