import { useRef } from 'react'
import type { ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { useDismiss } from './use-dismiss.ts'
import { useFloating } from './use-floating.ts'
import type { Anchor } from './use-floating.ts'
import css from './menu.module.css'

interface PopoverProps {
  label: string
  anchor: Anchor
  onClose: () => void
  children: ReactNode
}

/** A small question beside the button that asked it. Escape or a press beside it closes it. */
export function Popover({ label, anchor, onClose, children }: PopoverProps) {
  const ref = useRef<HTMLDivElement>(null)
  const style = useFloating(anchor, ref)
  useDismiss(ref, onClose)
  return createPortal(
    <div ref={ref} role="dialog" aria-label={label} className={css['popover']} style={style}>
      {children}
    </div>,
    document.body,
  )
}
