import { useState } from 'react'
import { Tooltip } from 'radix-ui'
import type { FocusEvent, ReactElement } from 'react'
import css from './tip.module.css'

interface TipProps {
  text: string
  side?: 'top' | 'right' | 'bottom' | 'left'
  /** One element that takes a ref and event handlers, and has an accessible name of its own. */
  children: ReactElement
}

/**
 * Words for something that shows none, on hover and on keyboard focus. It repeats the accessible
 * name and is hidden from screen readers, so that nothing is said twice. Where a dialog covers the
 * page it is drawn inside that dialog: what lies outside is inert and below it.
 */
export function Tip({ text, side = 'top', children }: TipProps) {
  const [home, setHome] = useState<Element | null>(null)
  const locate = (event: { currentTarget: Element }) => setHome(event.currentTarget.closest('dialog'))
  // Focus that the window itself moved, after a click or as a dialog opens, is no question: the tip would only be in the way.
  const focused = (event: FocusEvent) => {
    locate(event)
    const { currentTarget } = event
    if (!currentTarget.matches(':focus-visible') || currentTarget.closest('dialog[data-opening]') !== null) event.preventDefault()
  }
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild onPointerEnter={locate} onFocus={focused} aria-describedby={undefined}>
        {children}
      </Tooltip.Trigger>
      <Tooltip.Portal container={home}>
        <Tooltip.Content side={side} sideOffset={8} collisionPadding={8} className={css['tip']} aria-label=" ">
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}

export const TipProvider = ({ children }: { children: ReactElement }) => (
  <Tooltip.Provider delayDuration={400} skipDelayDuration={200} disableHoverableContent>
    {children}
  </Tooltip.Provider>
)
