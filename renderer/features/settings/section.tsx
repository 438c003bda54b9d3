import { useId } from 'react'
import type { ReactNode, Ref } from 'react'
import css from './settings.module.css'

interface SectionProps {
  title: string
  text?: string | undefined
  ref?: Ref<HTMLElement> | undefined
  children?: ReactNode
}

/** A heading, what it is about, and what can be done. */
export function Section({ title, text, ref, children }: SectionProps) {
  const id = useId()
  return (
    <section ref={ref} className={css['section']} aria-labelledby={id}>
      <h3 id={id} className={css['heading']}>
        {title}
      </h3>
      {text === undefined ? null : <p className={css['text']}>{text}</p>}
      {children}
    </section>
  )
}
