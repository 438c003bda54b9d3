import type { ReactNode } from 'react'
import { Mark } from '../../components/mark.tsx'
import css from './gate.module.css'

interface GateProps {
  title: string
  lead: string
  children: ReactNode
}

/** The one calm page shown while there is no open profile. */
export const Gate = ({ title, lead, children }: GateProps) => (
  <main className={css['page']} aria-label={title}>
    <div className={css['panel']}>
      <header className={css['head']}>
        <Mark size={56} />
        <h1 className={css['title']}>{title}</h1>
        <p className={css['lead']}>{lead}</p>
      </header>
      {children}
    </div>
  </main>
)
