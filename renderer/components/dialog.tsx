import { useId, useLayoutEffect, useRef } from 'react'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from './button.tsx'
import css from './dialog.module.css'

interface DialogProps {
  title: string
  onClose: () => void
  children: ReactNode
  size?: 'normal' | 'wide'
  /** No visible heading or padding: the content brings its own. The title remains its name. */
  bare?: boolean
}

/**
 * A modal dialog on the platform's own element: it traps focus, makes the rest inert and gives focus
 * back by itself, and adds no style element, which the window's content policy would refuse.
 */
export function Dialog({ title, onClose, children, size = 'normal', bare = false }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const { t } = useTranslation()

  // Before the element leaves the document: only then does the platform give focus back.
  useLayoutEffect(() => {
    const element = ref.current
    if (element === null || element.open) return
    // What the platform focuses first asks for no tip (`tip.tsx`): it would cover what is to be read.
    element.setAttribute('data-opening', '')
    element.showModal()
    element.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    element.removeAttribute('data-opening')
    return () => element.close()
  }, [])

  const closeOnBackdrop = (event: React.PointerEvent<HTMLDialogElement>) => {
    if (event.target !== ref.current) return
    const box = ref.current.getBoundingClientRect()
    const outside = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom
    if (outside) onClose()
  }
  const cancel = (event: React.SyntheticEvent) => {
    event.preventDefault()
    onClose()
  }
  // The platform may take one key for both where a dialog is in another, and ask the outer one again.
  const closeInner = (event: React.KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || ref.current?.parentElement?.closest('dialog') == null) return
    event.preventDefault()
    event.stopPropagation()
    onClose()
  }
  const classes = [css['dialog'], size === 'wide' ? css['wide'] : '', bare ? css['top'] : ''].filter(Boolean).join(' ')
  const naming = bare ? { 'aria-label': title } : { 'aria-labelledby': titleId }
  return (
    <dialog ref={ref} className={classes} onCancel={cancel} onKeyDown={closeInner} onPointerDown={closeOnBackdrop} {...naming}>
      {bare ? null : (
        <div className={css['header']}>
          <h2 id={titleId} className={css['title']} dir="auto">
            {title}
          </h2>
          <IconButton label={t('app.close')} icon={<X size={20} strokeWidth={1.75} />} onClick={onClose} />
        </div>
      )}
      <div className={bare ? css['bare'] : css['body']}>{children}</div>
    </dialog>
  )
}
