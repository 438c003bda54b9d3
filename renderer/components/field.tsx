import { useId } from 'react'
import { CircleAlert } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import css from './field.module.css'

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'id'> {
  label: string
  /** A word beside the label, such as “optional”; not part of the name. */
  aside?: string | undefined
  hint?: string | undefined
  error?: string | null
  /** A control drawn at the end of the input. */
  end?: ReactNode
}

export function TextField({ label, aside, hint, error = null, end, className, ...rest }: TextFieldProps) {
  const id = useId()
  const described = [error === null ? '' : `${id}-error`, hint === undefined ? '' : `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div className={css['field']}>
      <div className={css['label']}>
        <label htmlFor={id}>{label}</label>
        {aside === undefined ? null : <span className={css['aside']}>{aside}</span>}
      </div>
      <div className={css['row']}>
        <input
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          {...rest}
          id={id}
          aria-invalid={error !== null}
          aria-describedby={described === '' ? undefined : described}
          className={[css['input'], end === undefined ? '' : css['padded'], className].filter(Boolean).join(' ')}
        />
        {end === undefined ? null : <div className={css['end']}>{end}</div>}
      </div>
      {error === null ? null : <ErrorLine id={`${id}-error`} text={error} />}
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className={css['hint']}>
          {hint}
        </p>
      )}
    </div>
  )
}

/** What went wrong, where it went wrong. Read out when it appears. */
export const ErrorLine = ({ text, id }: { text: string; id?: string }) => (
  <p id={id} role="alert" className={css['error']}>
    <CircleAlert size={16} strokeWidth={1.75} aria-hidden />
    <span>{text}</span>
  </p>
)

export const Hint = ({ children }: { children: ReactNode }) => <p className={css['hint']}>{children}</p>
