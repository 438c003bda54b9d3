import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SpaceId } from '../../../shared/domain/ids.ts'
import type { Member, SafetyNumber } from '../../../shared/domain/models.ts'
import type { CallResult } from '../../../shared/ipc/error-codes.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { safeName } from '../../components/safe-text.ts'
import type { MembersStore } from './members-store.ts'
import css from './member-dialog.module.css'

interface VerifyDialogProps {
  spaceId: SpaceId
  member: Member
  store: MembersStore
  onClose: () => void
}

/** The number to compare with somebody, and whether that was done. */
export function VerifyDialog({ spaceId, member, store, onClose }: VerifyDialogProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [shown, setShown] = useState<CallResult<SafetyNumber> | null>(null)
  const name = safeName(member.name)
  const { memberId } = member
  useEffect(() => {
    let current = true
    void store.verify(spaceId, memberId, null).then((result) => (current ? setShown(result) : undefined))
    return () => {
      current = false
    }
  }, [store, spaceId, memberId])
  const note = async (verified: boolean) => {
    const result = await store.verify(spaceId, memberId, verified)
    if (result.ok && verified) onClose()
    else setShown(result)
  }
  return (
    <Dialog title={t('members.verifyTitle', { name })} onClose={onClose}>
      <div className={css['form']}>
        <p className={css['text']}>{t('members.verifyLead', { name })}</p>
        {shown?.ok === false ? <ErrorLine text={words(shown.error)} /> : null}
        <ul className={css['number']} aria-label={t('members.verifyNumber')} aria-busy={shown === null}>
          {(shown?.ok === true ? shown.value.safetyNumber.split(' ') : []).map((group, index) => (
            <li key={`${index} ${group}`}>{group}</li>
          ))}
        </ul>
        {shown?.ok === true && shown.value.verified ? <p className={css['text']}>{t('members.verifyDone')}</p> : null}
        <div className={css['actions']}>
          <Button data-autofocus onClick={onClose}>
            {t('app.close')}
          </Button>
          {shown?.ok === true ? (
            <Button tone={shown.value.verified ? 'plain' : 'primary'} onClick={() => void note(!shown.value.verified)}>
              {shown.value.verified ? t('members.verifyUndo') : t('members.verifySame')}
            </Button>
          ) : null}
        </div>
      </div>
    </Dialog>
  )
}
