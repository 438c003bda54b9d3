import { useId } from 'react'
import { Check } from 'lucide-react'
import { Checkbox } from 'radix-ui'
import css from './check-list.module.css'

interface CheckListProps {
  legend: string
  chosen: ReadonlySet<string>
  choices: readonly { value: string; label: string }[]
  onChange: (chosen: ReadonlySet<string>) => void
}

/** Any of a few, each in its line. */
export function CheckList({ legend, chosen, choices, onChange }: CheckListProps) {
  const id = useId()
  const toggle = (value: string) => {
    const next = new Set(chosen)
    if (!next.delete(value)) next.add(value)
    onChange(next)
  }
  return (
    <div role="group" aria-labelledby={id}>
      <p id={id} className={css['legend']}>
        {legend}
      </p>
      <div className={css['choices']}>
        {choices.map(({ value, label }) => (
          <label key={value} className={css['choice']} htmlFor={`${id}-${value}`}>
            <CheckBox id={`${id}-${value}`} checked={chosen.has(value)} onChange={() => toggle(value)} />
            <span className={css['name']} dir="auto">
              {label}
            </span>
          </label>
        ))}
      </div>
    </div>
  )
}

interface CheckBoxProps {
  id: string
  checked: boolean
  onChange: (checked: boolean) => void
  describedBy?: string
}

export function CheckBox({ id, checked, onChange, describedBy }: CheckBoxProps) {
  return (
    <Checkbox.Root
      id={id}
      className={css['box']}
      checked={checked}
      onCheckedChange={(now) => onChange(now === true)}
      aria-describedby={describedBy}
    >
      <Checkbox.Indicator className={css['mark']}>
        <Check size={14} strokeWidth={2.5} aria-hidden />
      </Checkbox.Indicator>
    </Checkbox.Root>
  )
}
