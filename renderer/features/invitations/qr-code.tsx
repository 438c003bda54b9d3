import { useMemo } from 'react'
import { encode } from 'uqr'
import { useTranslation } from 'react-i18next'
import { Hint } from '../../components/field.tsx'
import css from './qr-code.module.css'

/** Dark modules of the code as one SVG path on a square of `size` modules, or null when the text does not fit. */
export function qrPath(text: string): { path: string; size: number } | null {
  try {
    const { data, size } = encode(text, { ecc: 'L', border: 2 })
    const dark = data.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : [])))
    return { path: dark.join(''), size }
  } catch (error) {
    if (error instanceof Error && /too long/iu.test(error.message)) return null
    throw error
  }
}

/** Always black on white, in every theme: cameras expect it. */
export function QrCode({ text }: { text: string }) {
  const { t } = useTranslation()
  const code = useMemo(() => qrPath(text), [text])
  if (code === null) return <Hint>{t('invitations.qrTooLong')}</Hint>
  return (
    <svg
      className={css['code']}
      role="img"
      aria-label={t('invitations.qr')}
      viewBox={`0 0 ${code.size} ${code.size}`}
      shapeRendering="crispEdges"
    >
      <path d={code.path} />
    </svg>
  )
}
