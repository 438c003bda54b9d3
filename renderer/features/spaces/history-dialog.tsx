import { useEffect, useState } from 'react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { SpaceId } from '../../../shared/domain/ids.ts'
import type { HistoryPolicy } from '../../../shared/domain/models.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import { limits } from '../../../shared/ipc/limits.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine, TextField } from '../../components/field.tsx'
import { RadioList } from '../../components/radio-list.tsx'
import { Bone, Skeleton } from '../../components/skeleton.tsx'
import type { SpacesStore } from './spaces-store.ts'
import css from './history-dialog.module.css'

const kinds = ['none', 'last', 'all'] as const
const USUAL_COUNT = 100

interface HistoryDialogProps {
  spaceId: SpaceId
  /** Of one channel, by its `membersOf`; else of a space with many. */
  ofOne?: boolean
  history: SpacesStore['history']
  setHistory: SpacesStore['setHistory']
  onClose: () => void
}

/** What newcomers are given of what was said before they came, and what that means. As large before that is known as after. */
export function HistoryDialog({ spaceId, ofOne = false, history, setHistory, onClose }: HistoryDialogProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [kind, setKind] = useState<HistoryPolicy['kind'] | null>(null)
  const [count, setCount] = useState(String(USUAL_COUNT))
  const [problem, setProblem] = useState<CodedError | null>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    let wanted = true
    void history(spaceId).then((result) => {
      if (!wanted) return
      if (!result.ok) return setProblem(result.error)
      setKind(result.value.kind)
      if (result.value.kind === 'last') setCount(String(result.value.count))
    })
    return () => {
      wanted = false
    }
  }, [history, spaceId])

  const number = Number(count)
  const isCount = Number.isInteger(number) && number >= 1 && number <= limits.historyCount
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy || kind === null || (kind === 'last' && !isCount)) return
    setBusy(true)
    const error = await setHistory(spaceId, kind === 'last' ? { kind, count: number } : { kind })
    setBusy(false)
    if (error === null) onClose()
    else setProblem(error)
  }
  return (
    <Dialog title={t('sharing.title')} onClose={onClose}>
      <form className={css['form']} onSubmit={(event) => void submit(event)}>
        <RadioList
          legend={t('sharing.legend')}
          value={kind ?? ''}
          disabled={kind === null}
          choices={kinds.map((one) => ({ value: one, label: one === 'last' && ofOne ? t('sharing.lastOfOne') : t(`sharing.${one}`) }))}
          onChange={(value) => setKind(kinds.find((one) => one === value) ?? kind)}
        />
        <TextField
          label={ofOne ? t('sharing.countOfOne') : t('sharing.count')}
          value={count}
          inputMode="numeric"
          disabled={kind !== 'last'}
          error={isCount || kind !== 'last' ? null : t('sharing.countWrong', { most: limits.historyCount })}
          onChange={({ target }) => setCount(target.value)}
        />
        <div className={css['text']}>
          {kind !== null ? (
            <p>{kind === 'last' && ofOne ? t('sharing.lastOfOneWhat') : t(`sharing.${kind}What`)}</p>
          ) : problem === null ? (
            <Skeleton label={t('sharing.loading')} className={css['bones']}>
              <Bone width="100%" height={12} />
              <Bone width="60%" height={12} />
            </Skeleton>
          ) : null}
        </div>
        {problem === null ? null : <ErrorLine text={words(problem)} />}
        <div className={css['actions']}>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="submit" tone="primary" disabled={busy || kind === null || (kind === 'last' && !isCount)}>
            {t('sharing.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
