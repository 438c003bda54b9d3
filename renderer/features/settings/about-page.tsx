import { useEffect, useState } from 'react'
import { Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { About } from '../../../shared/ipc/bridge.ts'
import type { Client } from '../../bridge/client.ts'
import type { UpdatesStore } from '../../bridge/updates-store.ts'
import { IconButton } from '../../components/button.tsx'
import { Mark } from '../../components/mark.tsx'
import { Section } from './section.tsx'
import { UpdatesSection } from './updates-section.tsx'
import css from './settings.module.css'

/** As many characters of a commit's name as people and tools show. */
const SHORT_COMMIT = 12

/** A part of the page that somebody can come for. */
export type AboutPart = 'updates'

interface AboutPageProps {
  client: Pick<Client, 'about' | 'copyText'>
  updates: UpdatesStore
  part: AboutPart | null
}

/** What this program is, what it stands on, and whose work is in it. */
export function AboutPage({ client, updates, part }: AboutPageProps) {
  const { t } = useTranslation()
  const [about, setAbout] = useState<About | 'asked' | null>('asked')
  useEffect(() => {
    let shown = true
    void client.about().then((answer) => (shown ? setAbout(answer) : undefined))
    return () => {
      shown = false
    }
  }, [client])
  if (about === 'asked') return null
  if (about === null) return <p className={css['text']}>{t('about.failed')}</p>
  return (
    <>
      <Facts about={about} copyText={client.copyText} />
      <UpdatesSection updates={updates} wanted={part === 'updates'} />
      <Section title={t('about.careful')} text={t('about.unaudited')} />
      <Section title={t('about.licences')} text={t(about.licences === null ? 'about.licencesNone' : 'about.licencesWhat')}>
        {about.licences === null ? null : (
          <pre className={css['licences']} tabIndex={0} aria-label={t('about.licences')} role="region">
            {about.licences}
          </pre>
        )}
      </Section>
    </>
  )
}

function Facts({ about, copyText }: { about: About; copyText: Client['copyText'] }) {
  const { t } = useTranslation()
  const [said, setSaid] = useState('')
  const { version, commit, kind, runtime } = about
  const copy = async () => {
    const facts = t('about.facts', { version, commit: commit ?? '–', kind, ...runtime })
    setSaid((await copyText(facts)) ? t('app.copied') : t('app.copyFailed'))
  }
  return (
    <>
      <div className={css['product']}>
        <Mark size={56} />
        <div>
          <h3 className={css['productName']}>{t('app.name')}</h3>
          <p className={css['text']}>
            {t('about.version')} {version}
            <IconButton small label={t('about.copy')} icon={<Copy size={14} strokeWidth={1.75} />} onClick={() => void copy()} />
            <span role="status" className={css['said']}>
              {said}
            </span>
          </p>
        </div>
      </div>
      {kind === 'test' ? (
        <p role="note" className={css['testBuild']}>
          {t('about.test')}
        </p>
      ) : null}
      {kind === 'development' ? <p className={css['text']}>{t('about.development')}</p> : null}
      <dl className={css['facts']}>
        <div>
          <dt>{t('about.commit')}</dt>
          <dd>{commit === null ? t('about.commitNone') : <span className={css['mono']}>{commit.slice(0, SHORT_COMMIT)}</span>}</dd>
        </div>
        <div>
          <dt>{t('about.runtime')}</dt>
          <dd>{t('about.runtimeWords', { ...runtime })}</dd>
        </div>
      </dl>
    </>
  )
}
