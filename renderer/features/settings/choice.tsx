import { useId } from 'react'
import css from './settings.module.css'

interface ChoiceProps {
  label: string
  value: string
  choices: readonly { value: string; label: string }[]
  disabled?: boolean
  onChange: (value: string) => unknown
}

/** One of few things, in a line: what it is about, and a list to choose from. */
export function Choice({ label, value, choices, disabled = false, onChange }: ChoiceProps) {
  const id = useId()
  return (
    <div className={css['pick']}>
      <label htmlFor={id}>{label}</label>
      <select id={id} className={css['select']} value={value} disabled={disabled} onChange={({ target }) => void onChange(target.value)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  )
}
