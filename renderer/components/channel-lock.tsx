import { Lock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ChannelKind } from '../../shared/domain/models.ts'

/** Before the name of a private channel, where others have a number sign; nothing for those. */
export function ChannelLock({ kind, size, className }: { kind: ChannelKind; size: 12 | 16 | 20; className?: string | undefined }) {
  const { t } = useTranslation()
  return kind === 'private' ? <Lock className={className} size={size} strokeWidth={1.75} role="img" aria-label={t('private.kind')} /> : null
}
