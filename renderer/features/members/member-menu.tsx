import { MessageCircle, Shield, ShieldCheck, UserMinus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Member } from '../../../shared/domain/models.ts'
import { Menu } from '../../components/menu.tsx'
import { safeName } from '../../components/safe-text.ts'
import type { Anchor } from '../../components/use-floating.ts'

/** Those that open a dialog. */
export type MemberDialog = Exclude<MemberAction, 'message'>
export type MemberAction = 'message' | 'role' | 'verify' | 'remove'

const actionsFor = ({ may }: Member): MemberAction[] => [
  ...(may.message ? (['message'] as const) : []),
  ...(may.roles.length > 0 ? (['role'] as const) : []),
  ...(may.verify ? (['verify'] as const) : []),
  ...(may.remove ? (['remove'] as const) : []),
]

export const hasActions = (member: Member): boolean => actionsFor(member).length > 0

const icons = { message: MessageCircle, role: Shield, verify: ShieldCheck, remove: UserMinus }

interface MemberMenuProps {
  member: Member
  anchor: Anchor
  onAct: (action: MemberAction) => void
  onClose: () => void
}

/** What this profile may do about a member, and nothing else. */
export function MemberMenu({ member, anchor, onAct, onClose }: MemberMenuProps) {
  const { t } = useTranslation()
  const items = actionsFor(member).map((action) => {
    const Icon = icons[action]
    return {
      label: t(`members.${action}`),
      icon: <Icon size={16} strokeWidth={1.75} aria-hidden />,
      danger: action === 'remove',
      onSelect: () => onAct(action),
    }
  })
  return <Menu label={t('members.menu', { name: safeName(member.name) })} anchor={anchor} items={items} onClose={onClose} />
}
