import { use } from 'react'
import { useTranslation } from 'react-i18next'
import type { Delivery, Member } from '../../../shared/domain/models.ts'
import { MessageActions } from './message-actions.ts'
import { deliveryWords } from './delivery-words.ts'
import css from './delivery-mark.module.css'

interface DeliveryMarkProps {
  delivery: Delivery
  members: readonly Member[]
  /** Whether there is room for the words after the mark: else they stand before it. */
  roomAfter: boolean
}

/** Clock (or a ring of dots, where nobody was there to wait for), one ring, filled ring, and that in colour once all have read it: where an own message is, quietly, with words on hover and for screen readers. */
export function DeliveryMark({ delivery, members, roomAfter }: DeliveryMarkProps) {
  const { t, i18n } = useTranslation()
  const kind = use(MessageActions)?.kind ?? 'open'
  return (
    <span className={css['mark']} data-state={delivery.state} data-room-after={roomAfter || undefined}>
      <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden focusable="false">
        {delivery.state === 'stored' && delivery.recipients === 0 ? (
          <circle cx="7" cy="7" r="5.25" strokeDasharray="1.5 2.62" />
        ) : (
          shapes[delivery.state]
        )}
      </svg>
      <span className={css['words']}>{deliveryWords(t, i18n.language, delivery, { kind, members })}</span>
    </span>
  )
}

const ring = <circle cx="7" cy="7" r="5.25" />
const filled = (
  <>
    <circle className={css['filled']} cx="7" cy="7" r="5.25" />
    <path className={css['tick']} d="M4.7 7.1 6.3 8.7 9.4 5.4" />
  </>
)
const shapes: Record<Delivery['state'], React.ReactNode> = {
  stored: (
    <>
      {ring}
      <path d="M7 4.2V7l1.9 1.1" />
    </>
  ),
  held: ring,
  delivered: filled,
  read: filled,
  failed: (
    <>
      {ring}
      <path d="M7 4.2v3.2M7 9.6v.01" />
    </>
  ),
}
