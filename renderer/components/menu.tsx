import { useRef } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { useDismiss } from './use-dismiss.ts'
import { useFloating } from './use-floating.ts'
import type { Anchor } from './use-floating.ts'
import { useRoving } from './use-roving.ts'
import css from './menu.module.css'

export interface MenuItem {
  label: string
  icon: ReactNode
  danger?: boolean
  onSelect: () => void
}

interface MenuProps {
  label: string
  anchor: Anchor
  items: readonly MenuItem[]
  onClose: () => void
}

/** A short list of things to do, beside what they are done to. Arrow keys choose, Enter does, Escape closes. */
export function Menu({ label, anchor, items, onClose }: MenuProps) {
  const ref = useRef<HTMLDivElement>(null)
  const style = useFloating(anchor, ref)
  const roving = useRoving()
  useDismiss(ref, onClose)
  const press = (event: KeyboardEvent<HTMLElement>) => {
    roving(event)
    // In a menu Tab leads nowhere: it leaves.
    if (event.key === 'Tab') {
      event.preventDefault()
      onClose()
    }
  }
  const select = (item: MenuItem) => {
    onClose()
    item.onSelect()
  }
  return createPortal(
    <div ref={ref} role="menu" aria-label={label} className={css['menu']} style={style} onKeyDown={press}>
      {items.map((item, index) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          className={css['item']}
          data-danger={item.danger === true || undefined}
          data-roving
          data-autofocus={index === 0 || undefined}
          tabIndex={index === 0 ? 0 : -1}
          onClick={() => select(item)}
        >
          {item.icon}
          {item.label}
        </button>
      ))}
    </div>,
    document.body,
  )
}
