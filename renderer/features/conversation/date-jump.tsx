import { useState } from 'react'
import { CalendarSearch } from 'lucide-react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../../components/button.tsx'
import { Popover } from '../../components/popover.tsx'
import { anchorOf } from '../../components/use-floating.ts'
import type { Anchor } from '../../components/use-floating.ts'
import { isoDate, startOfDay } from '../../i18n/format.ts'
import css from './date-jump.module.css'

interface DateJumpProps {
  now: number
  /** With the first moment of the day. */
  onGo: (at: number) => void
}

interface DatePopoverProps extends DateJumpProps {
  anchor: Anchor
  onClose: () => void
}

const DAY_MS = 86_400_000

/** The button that asks for a day. */
export function DateJump({ now, onGo }: DateJumpProps) {
  const { t } = useTranslation()
  const [anchor, setAnchor] = useState<Anchor | null>(null)
  return (
    <>
      <IconButton
        label={t('dates.open')}
        icon={<CalendarSearch size={20} strokeWidth={1.75} />}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(anchor === null ? anchorOf(event.currentTarget) : null)}
      />
      {anchor === null ? null : <DatePopover now={now} onGo={onGo} anchor={anchor} onClose={() => setAnchor(null)} />}
    </>
  )
}

/** Goes to a day: one of a few that are often meant, or any. */
export function DatePopover({ now, onGo, anchor, onClose }: DatePopoverProps) {
  const { t } = useTranslation()
  const [date, setDate] = useState(() => isoDate(now))
  const at = startOfDay(date)
  const go = (when: number) => {
    onClose()
    onGo(when)
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (at !== null) go(Math.max(0, at))
  }
  const before = (days: number) => startOfDay(isoDate(now - days * DAY_MS)) ?? 0
  return (
    <Popover label={t('dates.open')} anchor={anchor} onClose={onClose}>
      <form className={css['form']} onSubmit={submit}>
        <input
          type="date"
          data-autofocus
          className={css['date']}
          aria-label={t('dates.date')}
          max={isoDate(now)}
          value={date}
          onChange={(event) => setDate(event.target.value)}
        />
        <Button type="submit" tone="primary" disabled={at === null}>
          {t('dates.go')}
        </Button>
      </form>
      <div className={css['quick']}>
        <Button tone="quiet" onClick={() => go(before(7))}>
          {t('dates.weekAgo')}
        </Button>
        <Button tone="quiet" onClick={() => go(before(30))}>
          {t('dates.monthAgo')}
        </Button>
        <Button tone="quiet" onClick={() => go(0)}>
          {t('dates.beginning')}
        </Button>
      </div>
    </Popover>
  )
}
