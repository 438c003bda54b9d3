import { useEffect, useLayoutEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import css from './shell.module.css'

interface DrawerProps {
  side: 'start' | 'end'
  onClose: () => void
  children: ReactNode
}

/** A panel over the conversation where there is no room beside it. Escape or a click beside it closes it. */
export function Drawer({ side, onClose, children }: DrawerProps) {
  const panel = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const before = document.activeElement
    panel.current?.querySelector<HTMLElement>('[aria-current], button, [tabindex="0"]')?.focus()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [onClose])
  return (
    <>
      <div className={css['scrim']} onClick={onClose} />
      <div ref={panel} className={css['drawer']} data-side={side}>
        {children}
      </div>
    </>
  )
}
