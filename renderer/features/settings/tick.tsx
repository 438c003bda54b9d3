import { Checkbox } from 'radix-ui'
import { Check } from 'lucide-react'
import css from './settings.module.css'

interface TickProps {
  label: string
  checked: boolean
  onChange: (checked: boolean) => unknown
}

/** Something that is so or not, said in a line. */
export const Tick = ({ label, checked, onChange }: TickProps) => (
  <label className={css['choice']}>
    <Checkbox.Root className={css['box']} checked={checked} onCheckedChange={(now) => void onChange(now === true)}>
      <Checkbox.Indicator className={css['tick']}>
        <Check size={14} strokeWidth={2.25} aria-hidden />
      </Checkbox.Indicator>
    </Checkbox.Root>
    {label}
  </label>
)
