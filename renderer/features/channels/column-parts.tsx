import { Compass } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { safeName } from '../../components/safe-text.ts'
import css from './channels.module.css'

/** Opens the place where one jumps anywhere. */
export function JumpButton({ shortcut, onOpen }: { shortcut: string; onOpen: () => void }) {
  const { t } = useTranslation()
  return (
    <button type="button" className={css['jump']} onClick={onOpen} aria-keyshortcuts="Control+K Meta+K">
      <Compass size={16} strokeWidth={1.75} aria-hidden />
      <span>{t('channels.jump')}</span>
      <kbd aria-hidden>{shortcut}</kbd>
    </button>
  )
}

/** Who one is, and how one is connected. */
export const ColumnFoot = ({ avatar, name, status }: { avatar: ReactNode; name: string; status: ReactNode }) => (
  <>
    {avatar}
    <div className={css['me']}>
      <div className={css['myName']} dir="auto">
        {safeName(name)}
      </div>
      {status}
    </div>
  </>
)
