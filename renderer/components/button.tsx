import type { ComponentProps, ReactNode } from 'react'
import { Tip } from './tip.tsx'
import css from './button.module.css'

type Tone = 'primary' | 'plain' | 'quiet' | 'danger'

interface ButtonProps extends ComponentProps<'button'> {
  tone?: Tone
  wide?: boolean
}

export function Button({ tone = 'plain', wide = false, className, type = 'button', ...rest }: ButtonProps) {
  const classes = [css['button'], css[tone], wide ? css['wide'] : '', className].filter(Boolean).join(' ')
  return <button {...rest} type={type} className={classes} />
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'title'> {
  /** Its accessible name, also shown as a tip. */
  label: string
  icon: ReactNode
  small?: boolean
  tipSide?: 'top' | 'right' | 'bottom' | 'left'
}

export function IconButton({ label, icon, small = false, tipSide = 'bottom', className, ...rest }: IconButtonProps) {
  const classes = [css['icon'], small ? css['small'] : '', className].filter(Boolean).join(' ')
  return (
    <Tip text={label} side={tipSide}>
      <button type="button" {...rest} aria-label={label} className={classes}>
        {icon}
      </button>
    </Tip>
  )
}
