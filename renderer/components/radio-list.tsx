import { useId } from 'react'
import { RadioGroup } from 'radix-ui'
import css from './radio-list.module.css'

interface RadioListProps {
  legend: string
  value: string
  /** `text`: what choosing it means, below it. */
  choices: readonly { value: string; label: string; text?: string }[]
  /** While it is not known which one holds. */
  disabled?: boolean
  onChange: (value: string) => void
}

/** One of a few, each in its line. */
export function RadioList({ legend, value, choices, disabled = false, onChange }: RadioListProps) {
  const id = useId()
  return (
    <div>
      <p id={id} className={css['legend']}>
        {legend}
      </p>
      {/* Radix takes an empty value for none: a letter before each keeps them apart. */}
      <RadioGroup.Root
        className={css['radios']}
        aria-labelledby={id}
        value={`v${value}`}
        disabled={disabled}
        onValueChange={(chosen) => onChange(chosen.slice(1))}
      >
        {choices.map((choice) => (
          <div key={choice.value}>
            <label className={css['choice']} htmlFor={`${id}-${choice.value}`}>
              <RadioGroup.Item
                id={`${id}-${choice.value}`}
                value={`v${choice.value}`}
                aria-describedby={choice.text === undefined ? undefined : `${id}-${choice.value}-text`}
                className={css['radio']}
                data-autofocus={choice.value === value || undefined}
              >
                <RadioGroup.Indicator className={css['dot']} />
              </RadioGroup.Item>
              {choice.label}
            </label>
            {choice.text === undefined ? null : (
              <p id={`${id}-${choice.value}-text`} className={css['text']}>
                {choice.text}
              </p>
            )}
          </div>
        ))}
      </RadioGroup.Root>
    </div>
  )
}
