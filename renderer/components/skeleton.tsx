import type { ReactNode } from 'react'
import css from './skeleton.module.css'

/** A grey shape where something will be. Sizes in pixels or percent. */
export const Bone = ({ width, height, round = false }: { width: number | string; height: number; round?: boolean }) => (
  <span className={[css['bone'], round ? css['round'] : ''].filter(Boolean).join(' ')} style={{ width, height }} />
)

/** The outline of what loads, shown only when loading takes long enough to notice. */
export const Skeleton = ({ label, className, children }: { label: string; className?: string | undefined; children: ReactNode }) => (
  <div className={[css['late'], className].filter(Boolean).join(' ')} role="progressbar" aria-label={label}>
    {children}
  </div>
)
