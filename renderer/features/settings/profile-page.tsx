import { useState } from 'react'
import { Copy } from 'lucide-react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Profile } from '../../../shared/domain/models.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import { limits } from '../../../shared/ipc/limits.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { TextField } from '../../components/field.tsx'
import { shortId } from './short-id.ts'
import css from './settings.module.css'

interface ProfilePageProps {
  profile: Profile
  rename: (name: string) => Promise<CodedError | null>
  copyText: (text: string) => Promise<boolean>
}

export function ProfilePage({ profile, rename, copyText }: ProfilePageProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [name, setName] = useState(profile.name)
  const [problem, setProblem] = useState<string | null>(null)
  const [said, setSaid] = useState('')
  const trimmed = name.trim()

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (trimmed === '') return setProblem(t('profile.nameMissing'))
    if (trimmed.length > limits.name) return setProblem(t('profile.nameLong', { count: limits.name }))
    const error = await rename(trimmed)
    setProblem(error === null ? null : words(error))
    setSaid(error === null ? t('settings.saved') : '')
  }
  const copy = async (text: string) => setSaid((await copyText(text)) ? t('app.copied') : t('app.copyFailed'))
  const change = (text: string) => {
    setName(text)
    setProblem(null)
    setSaid('')
  }
  return (
    <>
      <form className={css['form']} onSubmit={(event) => void submit(event)} noValidate>
        <TextField
          label={t('settings.name')}
          hint={t('settings.nameHint')}
          value={name}
          onChange={(event) => change(event.target.value)}
          error={problem}
        />
        <div className={css['save']}>
          <Button type="submit" tone="primary" disabled={trimmed === profile.name}>
            {t('settings.save')}
          </Button>
          <span role="status" className={css['said']}>
            {said}
          </span>
        </div>
      </form>
      <dl className={css['facts']}>
        <Id term={t('settings.device')} id={profile.deviceId} label={t('settings.copyDevice')} onCopy={copy} />
        <Id term={t('settings.peer')} id={profile.peerId} label={t('settings.copyPeer')} onCopy={copy} />
      </dl>
    </>
  )
}

const Id = ({ term, id, label, onCopy }: { term: string; id: string; label: string; onCopy: (text: string) => Promise<void> }) => (
  <div>
    <dt>{term}</dt>
    <dd className={css['mono']}>
      {shortId(id)}
      <IconButton small label={label} icon={<Copy size={14} strokeWidth={1.75} />} onClick={() => void onCopy(id)} />
    </dd>
  </div>
)
