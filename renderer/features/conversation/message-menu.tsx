import { Copy, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../shared/domain/models.ts'
import { Menu } from '../../components/menu.tsx'
import type { Anchor } from '../../components/use-floating.ts'

interface MessageMenuProps {
  message: Message
  anchor: Anchor
  copyText: (text: string) => Promise<boolean>
  onDelete: () => void
  onClose: () => void
}

export function MessageMenu({ message, anchor, copyText, onDelete, onClose }: MessageMenuProps) {
  const { t } = useTranslation()
  const copy = {
    label: t('conversation.copyText'),
    icon: <Copy size={16} strokeWidth={1.75} aria-hidden />,
    onSelect: () => void copyText(message.text),
  }
  const remove = {
    label: t('conversation.deleteForMe'),
    icon: <Trash2 size={16} strokeWidth={1.75} aria-hidden />,
    danger: true,
    onSelect: onDelete,
  }
  return <Menu label={t('conversation.menu')} anchor={anchor} items={message.deleted ? [remove] : [copy, remove]} onClose={onClose} />
}
