import { useState } from 'react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Member, Role } from '../../../shared/domain/models.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { RadioList } from '../../components/radio-list.tsx'
import { safeName } from '../../components/safe-text.ts'
import css from './member-dialog.module.css'

/** Highest first, as they are listed. */
const order: readonly Role[] = ['owner', 'admin', 'moderator', 'member', 'guest']

interface RoleDialogProps {
  member: Member
  setRole: (member: Member, role: Role) => Promise<CodedError | null>
  onClose: () => void
}

/** Which role somebody has, among those that this profile may give. */
export function RoleDialog({ member, setRole, onClose }: RoleDialogProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [role, setChosen] = useState(member.role)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const name = safeName(member.name)
  const choices = order.filter((each) => each === member.role || member.may.roles.includes(each))
  const lower = order.indexOf(role) > order.indexOf(member.role)
  const warning = warningOf()

  function warningOf(): string | null {
    if (role === member.role) return null
    if (member.self) return t('members.roleOwnLower')
    return role === 'owner' ? t('members.roleOwner', { name }) : null
  }
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    const error = await setRole(member, role)
    if (error === null) return onClose()
    setBusy(false)
    setProblem(words(error))
  }
  return (
    <Dialog title={member.self ? t('members.roleOwnTitle') : t('members.roleTitle', { name })} onClose={onClose}>
      <form className={css['form']} onSubmit={(event) => void submit(event)}>
        <RadioList
          legend={t('members.roleLegend')}
          value={role}
          choices={choices.map((value) => ({ value, label: t(`members.roleWhat.${value}`) }))}
          onChange={(value) => setChosen(choices.find((each) => each === value) ?? member.role)}
        />
        <p className={css['text']}>{t('members.roleAll')}</p>
        {lower ? <p className={css['text']}>{t('members.roleInvitations')}</p> : null}
        {warning === null ? null : (
          <p className={css['warning']} role="status">
            {warning}
          </p>
        )}
        {problem === null ? null : <ErrorLine text={problem} />}
        <div className={css['actions']}>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="submit" tone="primary" disabled={busy || role === member.role}>
            {t('members.roleSave')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
