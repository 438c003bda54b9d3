import { useState } from 'react'
import { Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import type { Join, JoinStep } from '../../../shared/domain/models.ts'
import { Button } from '../../components/button.tsx'
import { ErrorLine } from '../../components/field.tsx'
import { clockTimeWithSeconds, dateAndTime } from '../../i18n/format.ts'
import type { JoinsStore } from './joins-store.ts'
import { useRefusalWords, useTroubleWords } from './refusal-words.ts'
import css from './joins.module.css'

const order: readonly JoinStep[] = ['connecting', 'asking', 'admitting', 'opening']

interface JoinProgressProps {
  store: JoinsStore
  join: Join
  onAnother: () => void
  onClose: () => void
}

export function JoinProgress({ store, join, onAnother, onClose }: JoinProgressProps) {
  const { t } = useTranslation()
  const words = useRefusalWords()
  const [problem, setProblem] = useState<CodedError | null>(null)
  const { state, joinId } = join
  const act = (call: Promise<CodedError | null>) => void call.then(setProblem)
  const error = problem === null ? null : <ErrorLine text={words(problem)} />

  if (state.kind === 'refused' || state.kind === 'cancelled') {
    const remove = async () => {
      const failed = await store.dismiss(joinId)
      if (failed === null) onClose()
      else setProblem(failed)
    }
    const another = () => void store.dismiss(joinId).then(onAnother)
    return (
      <div className={css['column']}>
        {state.kind === 'refused' ? (
          <p className={css['refused']} role="alert">
            {words(state)}
          </p>
        ) : (
          <p className={css['lead']}>{t('joins.cancelledText')}</p>
        )}
        {error}
        <div className={css['actions']}>
          <Button onClick={() => void remove()}>{t('joins.dismiss')}</Button>
          <Button tone="primary" data-autofocus autoFocus onClick={another}>
            {t('joins.another')}
          </Button>
        </div>
      </div>
    )
  }
  if (state.kind === 'done') return null
  return (
    <div className={css['column']}>
      <Steps step={state.step} />
      <Waiting join={join} onRetry={() => act(store.retry(joinId))} />
      <Keeps join={join} />
      {error}
      <div className={css['actions']}>
        <Button tone="quiet" onClick={() => act(store.cancel(joinId))}>
          {t('joins.cancel')}
        </Button>
        <Button tone="primary" data-autofocus autoFocus onClick={onClose}>
          {t('joins.background')}
        </Button>
      </div>
    </div>
  )
}

function Steps({ step }: { step: JoinStep }) {
  const { t } = useTranslation()
  const at = order.indexOf(step)
  return (
    <ol className={css['steps']}>
      {order.map((name, index) => {
        const state = index < at ? 'done' : index === at ? 'now' : 'later'
        return (
          <li key={name} className={css['step']} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
            <span className={css['dot']} aria-hidden>
              {state === 'done' ? <Check size={14} strokeWidth={2.25} /> : null}
            </span>
            {t(`joins.steps.${name}`)}
            {state === 'done' ? <span className="sr-only">{t('joins.stepDone')}</span> : null}
          </li>
        )
      })}
    </ol>
  )
}

/** What the last try came to, also while the next one looks for somebody: that may take long where nobody is there. */
function Waiting({ join: { state, trouble }, onRetry }: { join: Join; onRetry: () => void }) {
  const { t, i18n } = useTranslation()
  const words = useTroubleWords()
  const now = state.kind === 'waiting' ? state : trouble
  if (now === null) return null
  return (
    <div className={css['waiting']} role="status">
      <p>{words(now)}</p>
      <p className={css['time']}>
        {state.kind === 'waiting' ? t('joins.waiting', { time: clockTimeWithSeconds(i18n.language, state.retryAt) }) : t('joins.again')}
      </p>
      <div>
        <Button disabled={state.kind !== 'waiting'} onClick={onRetry}>
          {t('joins.retry')}
        </Button>
      </div>
    </div>
  )
}

function Keeps({ join }: { join: Join }) {
  const { t, i18n } = useTranslation()
  return <p className={css['lead']}>{t('joins.keeps', { time: dateAndTime(i18n.language, join.expiresAt) })}</p>
}
