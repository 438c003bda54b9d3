import { useState } from 'react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { MemberId } from '../../../shared/domain/ids.ts'
import type { Channel, Member } from '../../../shared/domain/models.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import { Button } from '../../components/button.tsx'
import { CheckList } from '../../components/check-list.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { safeName } from '../../components/safe-text.ts'
import css from './channel-dialog.module.css'

interface AddPeopleProps {
  channel: Channel
  /** Members of the space who are not in it. */
  others: readonly Member[]
  add: (memberId: MemberId) => Promise<CodedError | null>
  onClose: () => void
}

/** Takes members of the space into a private channel. Those that could be added are; the first that could not says why. */
export function AddPeople({ channel, others, add, onClose }: AddPeopleProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    for (const { memberId } of others.filter((member) => chosen.has(member.memberId))) {
      const error = await add(memberId)
      if (error === null) continue
      setBusy(false)
      return setProblem(words(error))
    }
    onClose()
  }
  return (
    <Dialog title={t('private.addTitle', { channel: safeName(channel.name) })} onClose={onClose}>
      <form className={css['form']} onSubmit={(event) => void submit(event)}>
        <p className={css['text']}>{others.length === 0 ? t('private.addNobody') : t('private.addWhat')}</p>
        {others.length === 0 ? null : (
          <CheckList
            legend={t('private.addWho')}
            chosen={chosen}
            choices={others.map(({ memberId, name }) => ({ value: memberId, label: safeName(name) }))}
            onChange={setChosen}
          />
        )}
        {problem === null ? null : <ErrorLine text={problem} />}
        <div className={css['actions']}>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="submit" tone="primary" disabled={busy || chosen.size === 0}>
            {t('private.addButton')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
