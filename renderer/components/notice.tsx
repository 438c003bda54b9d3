import { Button } from './button.tsx'
import css from './notice.module.css'

/** Something is missing here: why, and the one thing to do. */
export const Notice = ({ text, action, onAction }: { text: string; action: string; onAction: () => void }) => (
  <div role="alert" className={css['notice']}>
    <span>{text}</span>
    <Button onClick={onAction}>{action}</Button>
  </div>
)
