import { useEffect, useRef, useState } from 'react'
import { Copy, Printer } from 'lucide-react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { TextField } from '../../components/field.tsx'
import { safeName } from '../../components/safe-text.ts'
import { PrintSheet } from './print-sheet.tsx'
import css from './settings.module.css'

interface RecoveryWordsProps {
  words: readonly string[]
  /** Whose profile it is, for the paper. */
  name: string
  copyText: (text: string) => Promise<boolean>
  onDone: () => void
  /** Whoever does not want them after all. */
  onDrop: () => void
}

/** The words, shown this once; then two of them are asked for, so that a paper surely exists. */
export function RecoveryWords({ words, name, copyText, onDone, onDrop }: RecoveryWordsProps) {
  const [confirming, setConfirming] = useState(false)
  return confirming ? (
    <Confirm words={words} onDone={onDone} onBack={() => setConfirming(false)} />
  ) : (
    <Words words={words} name={name} copyText={copyText} onWritten={() => setConfirming(true)} onDrop={onDrop} />
  )
}

interface WordsProps extends Omit<RecoveryWordsProps, 'onDone'> {
  onWritten: () => void
}

function Words({ words, name, copyText, onWritten, onDrop }: WordsProps) {
  const { t } = useTranslation()
  const [said, setSaid] = useState('')
  // All of them in view, and the keyboard with them: what stands above can wait.
  const sheet = useRef<HTMLDivElement>(null)
  useEffect(() => {
    sheet.current?.focus({ preventScroll: true })
    sheet.current?.scrollIntoView({ block: 'start' })
  }, [])
  const copy = async () => setSaid((await copyText(words.join(' '))) ? t('security.copyWarning') : t('app.copyFailed'))
  return (
    <div ref={sheet} className={css['form']} tabIndex={-1}>
      <p className={css['text']}>{t('security.wordsWhat')}</p>
      <ol className={css['words']} aria-label={t('security.words')} translate="no">
        {words.map((word, index) => (
          <li key={index} className={css['word']}>
            <span className={css['number']}>{index + 1}</span>
            {word}
          </li>
        ))}
      </ol>
      <p className={css['text']}>{t('security.wordsWarning')}</p>
      <div className={css['buttons']}>
        <Button tone="primary" onClick={onWritten}>
          {t('security.written')}
        </Button>
        <Button onClick={() => window.print()}>
          <Printer size={16} strokeWidth={1.75} aria-hidden />
          {t('security.print')}
        </Button>
        <Button onClick={() => void copy()}>
          <Copy size={16} strokeWidth={1.75} aria-hidden />
          {t('security.copyWords')}
        </Button>
        <Button tone="quiet" onClick={onDrop}>
          {t('security.notKeep')}
        </Button>
      </div>
      <p role="status" className={css['said']}>
        {said}
      </p>
      <PrintSheet
        title={t('security.printTitle')}
        lines={[t('security.printName', { name: safeName(name) }), t('security.printWhat')]}
        words={words}
      />
    </div>
  )
}

/** Two different places among so many, by the system's own chance. */
function twoOf(count: number): [number, number] {
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint32Array(2))
  const first = a % count
  const second = (first + 1 + (b % (count - 1))) % count
  return first < second ? [first, second] : [second, first]
}

interface ConfirmProps {
  words: readonly string[]
  onDone: () => void
  onBack: () => void
}

function Confirm({ words, onDone, onBack }: ConfirmProps) {
  const { t } = useTranslation()
  const [asked] = useState(() => twoOf(words.length))
  const [typed, setTyped] = useState<readonly [string, string]>(['', ''])
  const [wrong, setWrong] = useState<readonly [boolean, boolean]>([false, false])
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const isWrong = (index: 0 | 1) => typed[index].trim().toLowerCase() !== words[asked[index]]
    const found = [isWrong(0), isWrong(1)] as const
    setWrong(found)
    if (!found[0] && !found[1]) onDone()
  }
  const field = (index: 0 | 1) => (
    <TextField
      key={index}
      autoFocus={index === 0}
      label={t('security.wordNumber', { number: asked[index] + 1 })}
      value={typed[index]}
      dir="ltr"
      autoCapitalize="none"
      error={wrong[index] ? t('security.wordWrong', { number: asked[index] + 1 }) : null}
      onChange={({ target }) => setTyped(index === 0 ? [target.value, typed[1]] : [typed[0], target.value])}
    />
  )
  return (
    <form className={css['form']} onSubmit={submit} noValidate>
      <p className={css['text']}>{t('security.confirmWhat')}</p>
      <div className={css['pair']}>
        {field(0)}
        {field(1)}
      </div>
      <div className={css['buttons']}>
        <Button type="submit" tone="primary">
          {t('security.confirmButton')}
        </Button>
        <Button onClick={onBack}>{t('security.showAgain')}</Button>
      </div>
    </form>
  )
}
