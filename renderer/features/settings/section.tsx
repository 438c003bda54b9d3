import { useId } from 'react'
import type { ReactNode } from 'react'
import css from './settings.module.css'

/** A heading, what it is about, and what can be done. */
export function Section({ title, text, children }: { title: string; text?: string | undefined; children?: ReactNode }) {
  const id = useId()
  return (
    <section className={css['section']} aria-labelledby={id}>
      <h3 id={id} className={css['heading']}>
        {title}
      </h3>
      {text === undefined ? null : <p className={css['text']}>{text}</p>}
      {children}
    </section>
  )
}
