import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import type { InvitationId } from '../../../shared/domain/ids.ts'
import type { Invitation, Space } from '../../../shared/domain/models.ts'
import { Announcer } from '../../components/announcer.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { safeName } from '../../components/safe-text.ts'
import { ActiveInvitations } from './active-invitations.tsx'
import { InvitationLink } from './invitation-link.tsx'
import { InvitationTermsForm } from './invitation-terms.tsx'
import type { InvitationCalls, InvitationTerms } from './invitations.ts'
import css from './invite.module.css'

interface InviteDialogProps {
  space: Space
  calls: InvitationCalls
  copyText: (text: string) => Promise<boolean>
  now: () => number
  onClose: () => void
}

const usable = (invitation: Invitation, now: number) =>
  invitation.expiresAt > now && (invitation.maxUses === null || invitation.uses < invitation.maxUses)

/** Shows a link that can be sent. A usable one made here before is shown again, so that opening the dialog twice makes no second. */
export function InviteDialog({ space, calls, copyText, now, onClose }: InviteDialogProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const { spaceId } = space
  const [active, setActive] = useState<Invitation[] | null>(null)
  const [shown, setShown] = useState<InvitationId | null>(null)
  const [busy, setBusy] = useState(true)
  const [problem, setProblem] = useState<CodedError | null>(null)
  const [said, setSaid] = useState('')

  const add = (invitation: Invitation) => {
    setActive((list) => [invitation, ...(list ?? []).filter((known) => known.invitationId !== invitation.invitationId)])
    setShown(invitation.invitationId)
  }
  const make = async (terms: InvitationTerms) => {
    setBusy(true)
    setProblem(null)
    const result = await calls.create(spaceId, terms)
    setBusy(false)
    if (result.ok) add(result.value)
    else setProblem(result.error)
  }
  useEffect(() => {
    const closed = new AbortController()
    const gone = () => closed.signal.aborted
    const begin = async () => {
      const listed = await calls.list(spaceId)
      if (gone()) return
      const list = listed.ok ? listed.value.filter((invitation) => usable(invitation, now())) : []
      const mine = list.find((invitation) => invitation.link !== null)
      setActive(listed.ok ? list : null)
      if (mine !== undefined) setShown(mine.invitationId)
      const made = mine === undefined ? await calls.create(spaceId, { expiry: 'week', maxUses: null }) : null
      if (gone()) return
      setBusy(false)
      if (made?.ok === true) add(made.value)
      else if (made !== null) setProblem(made.error)
    }
    void begin()
    return () => closed.abort()
  }, [calls, spaceId, now])

  const revoke = async (invitationId: InvitationId): Promise<CodedError | null> => {
    const result = await calls.revoke(spaceId, invitationId)
    if (!result.ok) return result.error
    setActive((list) => (list ?? []).filter((invitation) => invitation.invitationId !== invitationId))
    setSaid(t('invitations.revoked'))
    return null
  }
  const current = active?.find((invitation) => invitation.invitationId === shown) ?? null
  return (
    <Dialog title={t('invitations.title')} onClose={onClose}>
      <div className={css['column']}>
        <p className={css['lead']} dir="auto">
          {t('invitations.lead', { space: safeName(space.name) })} {t('invitations.nobodyOnline')}
        </p>
        <InvitationLink link={current?.link ?? null} busy={busy} copyText={copyText} onSay={setSaid} />
        {problem === null ? null : <ErrorLine text={words(problem)} />}
        <InvitationTermsForm busy={busy} another={current !== null} onMake={(terms) => void make(terms)} />
        <ActiveInvitations invitations={active} loading={busy} onRevoke={revoke} />
        <Announcer text={said} />
      </div>
    </Dialog>
  )
}
