import { useId } from 'react'
import type { CSSProperties, ReactNode } from 'react'
import { identityBits, identityHue } from './identity-hue.ts'
import css from './avatar.module.css'

interface AvatarProps {
  /** The identity it is drawn from: the same one always looks the same. */
  id: string
  size: number
}

/** A small planet nobody else has: hue, tilt and surface come from the identity. Decoration only. */
export function Avatar({ id, size }: AvatarProps) {
  const clip = useId()
  const bits = identityBits(id)
  const tilt = bits(16, 8) * (360 / 256)
  const style = { '--hue': identityHue(id) } as CSSProperties
  return (
    <svg className={css['avatar']} style={style} width={size} height={size} viewBox="0 0 40 40" aria-hidden focusable="false">
      <clipPath id={clip}>
        <circle cx="20" cy="20" r="20" />
      </clipPath>
      <g clipPath={`url(#${clip})`}>
        <rect width="40" height="40" className={css['base']} />
        <g transform={`rotate(${tilt} 20 20)`}>{surfaces[bits(24, 2)]?.(bits)}</g>
      </g>
    </svg>
  )
}

type Bits = (offset: number, count: number) => number

const bands = (bits: Bits): ReactNode => {
  const first = 5 + bits(28, 3)
  return (
    <>
      <rect x="-10" y={first} width="60" height={3 + bits(31, 2)} className={css['light']} />
      <rect x="-10" y={first + 9} width="60" height={5 + bits(33, 2)} className={css['dark']} />
      <rect x="-10" y={first + 19} width="60" height={2 + bits(35, 2)} className={css['light']} />
    </>
  )
}

const craters = (bits: Bits): ReactNode => (
  <>
    <circle cx={10 + bits(28, 2)} cy={13 + bits(30, 2)} r={5 + bits(32, 2)} className={css['dark']} />
    <circle cx={26 + bits(34, 2)} cy={20 + bits(36, 2)} r={4 + bits(38, 1)} className={css['light']} />
    <circle cx={16 + bits(39, 3)} cy={30 + bits(42, 1)} r={2.5 + bits(43, 1)} className={css['dark']} />
  </>
)

const crescent = (bits: Bits): ReactNode => (
  <>
    <circle cx="20" cy="20" r="20" className={css['dark']} />
    <circle cx={27 + bits(28, 2)} cy="20" r={17 + bits(30, 1)} className={css['base']} />
    <circle cx={28 + bits(31, 2)} cy={15 + bits(33, 3)} r={4 + bits(36, 1)} className={css['light']} />
  </>
)

const poles = (bits: Bits): ReactNode => (
  <>
    <circle cx={18 + bits(28, 2)} cy={-8 + bits(30, 2)} r="20" className={css['light']} />
    <circle cx={18 + bits(32, 2)} cy={46 - bits(34, 2)} r={17 + bits(36, 1)} className={css['dark']} />
    <circle cx={9 + bits(37, 3)} cy={20 + bits(40, 1)} r={2.5 + bits(41, 1)} className={css['light']} />
  </>
)

const surfaces: readonly ((bits: Bits) => ReactNode)[] = [bands, craters, crescent, poles]
