import type { KeyboardEvent, PointerEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import css from './channels.module.css'

/** Bounds of the column in CSS pixels, and what one arrow key moves it. */
export const columnWidth = { least: 200, most: 360, usual: 240, step: 16 } as const

const clamp = (width: number) => Math.round(Math.min(Math.max(width, columnWidth.least), columnWidth.most))

interface ChannelColumnProps {
  width: number
  onWidth: (width: number) => void
  children: ReactNode
}

/** The column beside the rail, as wide as the person wants it, by mouse or arrow keys. */
export function ChannelColumn({ width, onWidth, children }: ChannelColumnProps) {
  const { t } = useTranslation()
  const grab = (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  const drag = (event: PointerEvent<HTMLElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const start = event.currentTarget.parentElement?.getBoundingClientRect().left ?? 0
    onWidth(clamp(event.clientX - start))
  }
  const press = (event: KeyboardEvent) => {
    const next: Record<string, number> = {
      ArrowLeft: width - columnWidth.step,
      ArrowRight: width + columnWidth.step,
      Home: columnWidth.least,
      End: columnWidth.most,
      Enter: columnWidth.usual,
    }
    const wanted = next[event.key]
    if (wanted === undefined) return
    event.preventDefault()
    onWidth(clamp(wanted))
  }
  return (
    <div className={css['column']} style={{ width }}>
      {children}
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label={t('channels.resize')}
        aria-valuenow={width}
        aria-valuemin={columnWidth.least}
        aria-valuemax={columnWidth.most}
        tabIndex={0}
        className={css['handle']}
        onPointerDown={grab}
        onPointerMove={drag}
        onDoubleClick={() => onWidth(columnWidth.usual)}
        onKeyDown={press}
      />
    </div>
  )
}
