import { Link2, Orbit } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { Mark } from '../../components/mark.tsx'
import { safeName } from '../../components/safe-text.ts'
import css from './welcome.module.css'

interface WelcomeProps {
  name: string
  onCreate: () => void
  onJoin: () => void
  /** Joins under way, if any. */
  children?: ReactNode
}

/** What to do with a fresh profile: two cards, nothing else. */
export function Welcome({ name, onCreate, onJoin, children }: WelcomeProps) {
  const { t } = useTranslation()
  return (
    <div className={css['page']}>
      <div className={css['column']}>
        <header>
          <Mark size={56} />
          <h1 className={css['title']} dir="auto">
            {t('welcome.title', { name: safeName(name) })}
          </h1>
          <p className={css['lead']}>{t('welcome.lead')}</p>
        </header>
        <div className={css['cards']}>
          <Card
            icon={<Orbit size={20} strokeWidth={1.75} aria-hidden />}
            title={t('welcome.createTitle')}
            text={t('welcome.createText')}
            action={t('welcome.createButton')}
            primary
            onAction={onCreate}
          />
          <Card
            icon={<Link2 size={20} strokeWidth={1.75} aria-hidden />}
            title={t('welcome.joinTitle')}
            text={t('welcome.joinText')}
            action={t('welcome.joinButton')}
            onAction={onJoin}
          />
        </div>
        {children}
      </div>
    </div>
  )
}

interface CardProps {
  icon: ReactNode
  title: string
  text: string
  action: string
  primary?: boolean
  onAction: () => void
}

/** The whole card takes a click; the keyboard and screen readers use the button in it. */
const Card = ({ icon, title, text, action, primary = false, onAction }: CardProps) => (
  <section className={css['card']} onClick={onAction} aria-label={title}>
    {icon}
    <h2 className={css['cardTitle']}>{title}</h2>
    <p className={css['cardText']}>{text}</p>
    <Button
      tone={primary ? 'primary' : 'plain'}
      onClick={(event) => {
        event.stopPropagation()
        onAction()
      }}
    >
      {action}
    </Button>
  </section>
)
