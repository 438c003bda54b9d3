import type { ReactNode } from 'react'
import css from './frame.module.css'

/** The window's whole place, with room at its foot. */
export const Frame = ({ children, foot }: { children: ReactNode; foot: ReactNode }) => (
  <div className={css['frame']}>
    <div className={css['place']}>{children}</div>
    {foot}
  </div>
)
