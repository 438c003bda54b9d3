import { useState } from 'react'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { SpaceId } from '../../../shared/domain/ids.ts'
import type { Member } from '../../../shared/domain/models.ts'
import { Avatar } from '../../components/avatar.tsx'
import { IconButton } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { safeName } from '../../components/safe-text.ts'
import { useRoving } from '../../components/use-roving.ts'
import type { MembersStore } from './members-store.ts'
import css from './members.module.css'

interface MembersPanelProps {
  spaceId: SpaceId
  store: MembersStore
  onClose: () => void
}

export function MembersPanel({ spaceId, store, onClose }: MembersPanelProps) {
  const { t } = useTranslation()
  const members = useStore(store.store, (state) => state.bySpace[spaceId])
  return (
    <aside className={css['panel']} aria-label={t('members.title')}>
      <div className={css['head']}>
        <h2>{t('members.title')}</h2>
        <IconButton label={t('members.hide')} icon={<X size={16} strokeWidth={1.75} />} onClick={onClose} />
      </div>
      {members?.kind === 'failed' ? (
        <Notice text={t('members.loadFailed')} action={t('app.tryAgain')} onAction={() => void store.load(spaceId)} />
      ) : null}
      {members?.kind === 'ready' ? <MemberGroups members={members.value} /> : null}
    </aside>
  )
}

function MemberGroups({ members }: { members: readonly Member[] }) {
  const { t } = useTranslation()
  const roving = useRoving()
  const [current, setCurrent] = useState<string | null>(null)
  const here = members.filter((member) => member.online || member.self)
  const away = members.filter((member) => !member.online && !member.self)
  const reachable = members.some((member) => member.memberId === current) ? current : (here[0] ?? away[0])?.memberId
  const groups = [
    { title: t('members.here'), members: here },
    { title: t('members.away'), members: away },
  ]
  return (
    <div className={css['list']} onKeyDown={roving}>
      {groups.map((group) =>
        group.members.length === 0 ? null : (
          <div key={group.title}>
            <h3 className={css['group']}>{`${group.title} · ${group.members.length}`}</h3>
            <ul aria-label={group.title}>
              {group.members.map((member) => (
                <MemberItem
                  key={member.memberId}
                  member={member}
                  tabIndex={member.memberId === reachable ? 0 : -1}
                  onFocus={() => setCurrent(member.memberId)}
                />
              ))}
            </ul>
          </div>
        ),
      )}
    </div>
  )
}

function MemberItem({ member, tabIndex, onFocus }: { member: Member; tabIndex: number; onFocus: () => void }) {
  const { t } = useTranslation()
  const here = member.online || member.self
  const name = safeName(member.name)
  const detail = [member.self ? t('members.self') : '', member.role === 'member' ? '' : t(`members.roles.${member.role}`)].filter(Boolean)
  return (
    <li className={css['member']} data-away={here ? undefined : true} data-roving tabIndex={tabIndex} onFocus={onFocus}>
      <span className={css['picture']}>
        <Avatar id={member.memberId} size={32} />
        {here ? <span className={css['dot']} /> : null}
      </span>
      <div className={css['who']}>
        <div className={css['name']} dir="auto" title={name}>
          {name}
        </div>
        {detail.length === 0 ? null : <div className={css['detail']}>{detail.join(' · ')}</div>}
      </div>
    </li>
  )
}
