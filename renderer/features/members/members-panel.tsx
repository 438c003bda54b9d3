import { useState } from 'react'
import type { KeyboardEvent, MouseEvent } from 'react'
import { Ellipsis, ShieldCheck, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { SpaceId } from '../../../shared/domain/ids.ts'
import type { Member } from '../../../shared/domain/models.ts'
import { Avatar } from '../../components/avatar.tsx'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { Notice } from '../../components/notice.tsx'
import { safeName } from '../../components/safe-text.ts'
import { anchorAt, anchorOf } from '../../components/use-floating.ts'
import type { Anchor } from '../../components/use-floating.ts'
import { useRoving } from '../../components/use-roving.ts'
import { hasActions, MemberMenu } from './member-menu.tsx'
import type { MemberAction } from './member-menu.tsx'
import type { MembersStore } from './members-store.ts'
import css from './members.module.css'

interface MembersPanelProps {
  spaceId: SpaceId
  store: MembersStore
  /** In a conversation of two roles mean nothing. */
  withRoles: boolean
  /** One was removed: who is in it now is not known here. */
  isOver: boolean
  /** Something is to be done about somebody; answers why it could not be. */
  onAct: (action: MemberAction, member: Member) => Promise<CodedError | null>
  /** Takes more people in; null where there is nothing to take them into. */
  onAdd: (() => void) | null
  onClose: () => void
}

export function MembersPanel({ spaceId, store, withRoles, isOver, onAct, onAdd, onClose }: MembersPanelProps) {
  const { t } = useTranslation()
  const members = useStore(store.store, (state) => state.bySpace[spaceId])
  const words = useErrorWords()
  const [problem, setProblem] = useState<string | null>(null)
  const act = (action: MemberAction, member: Member) => {
    setProblem(null)
    void onAct(action, member).then((error) => setProblem(error === null ? null : words(error)))
  }
  return (
    <aside className={css['panel']} aria-label={t('members.title')}>
      <div className={css['head']}>
        <h2>{t('members.title')}</h2>
        <IconButton label={t('members.hide')} icon={<X size={16} strokeWidth={1.75} />} onClick={onClose} />
      </div>
      {onAdd === null ? null : (
        <div className={css['add']}>
          <Button onClick={onAdd}>{t('private.add')}</Button>
        </div>
      )}
      {problem === null ? null : <ErrorLine text={problem} />}
      {members?.kind === 'failed' ? (
        <Notice text={t('members.loadFailed')} action={t('app.tryAgain')} onAction={() => void store.load(spaceId)} />
      ) : null}
      {members?.kind === 'ready' ? <MemberGroups members={members.value} withRoles={withRoles} isOver={isOver} onAct={act} /> : null}
    </aside>
  )
}

interface MemberGroupsProps {
  members: readonly Member[]
  withRoles: boolean
  isOver: boolean
  onAct: (action: MemberAction, member: Member) => void
}

function MemberGroups({ members, withRoles, isOver, onAct }: MemberGroupsProps) {
  const { t } = useTranslation()
  const roving = useRoving()
  const [current, setCurrent] = useState<string | null>(null)
  const [menu, setMenu] = useState<{ member: Member; anchor: Anchor } | null>(null)
  const isHere = (member: Member) => !isOver && (member.online || member.self)
  const here = members.filter(isHere)
  const away = members.filter((member) => !isHere(member))
  const reachable = members.some((member) => member.memberId === current) ? current : (here[0] ?? away[0])?.memberId
  const groups = [
    { title: t('members.here'), members: here },
    { title: t(isOver ? 'members.until' : 'members.away'), members: away },
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
                  withRole={withRoles}
                  isHere={isHere(member)}
                  tabIndex={member.memberId === reachable ? 0 : -1}
                  onFocus={() => setCurrent(member.memberId)}
                  onMenu={(anchor) => setMenu({ member, anchor })}
                />
              ))}
            </ul>
          </div>
        ),
      )}
      {menu === null ? null : <MemberMenu {...menu} onAct={(action) => onAct(action, menu.member)} onClose={() => setMenu(null)} />}
    </div>
  )
}

interface MemberItemProps {
  member: Member
  withRole: boolean
  isHere: boolean
  tabIndex: number
  onFocus: () => void
  onMenu: (anchor: Anchor) => void
}

function MemberItem({ member, withRole, isHere, tabIndex, onFocus, onMenu }: MemberItemProps) {
  const { t } = useTranslation()
  const name = safeName(member.name)
  const role = member.role === 'member' || !withRole ? '' : t(`members.roles.${member.role}`)
  const detail = member.awaited ? [t('private.awaited')] : [member.self ? t('members.self') : '', role].filter(Boolean)
  const acts = hasActions(member)
  const openMenu = (event: MouseEvent<HTMLElement>) => {
    if (!acts) return
    event.preventDefault()
    // The keyboard's menu key gives no place of its own.
    const byKey = event.clientX === 0 && event.clientY === 0
    onMenu(byKey ? anchorOf(event.currentTarget) : anchorAt(event.clientX, event.clientY))
  }
  const press = (event: KeyboardEvent<HTMLElement>) => {
    if (!acts || event.target !== event.currentTarget || (event.key !== 'Enter' && event.key !== ' ')) return
    event.preventDefault()
    onMenu(anchorOf(event.currentTarget))
  }
  return (
    <li
      className={css['member']}
      data-away={isHere ? undefined : true}
      data-roving
      tabIndex={tabIndex}
      onFocus={onFocus}
      onContextMenu={openMenu}
      onKeyDown={press}
    >
      <span className={css['picture']}>
        <Avatar id={member.memberId} size={32} />
        {isHere ? <span className={css['dot']} /> : null}
      </span>
      <div className={css['who']}>
        <div className={css['name']} dir="auto" title={name}>
          {name}
        </div>
        {detail.length === 0 ? null : <div className={css['detail']}>{detail.join(' · ')}</div>}
      </div>
      {member.verified && !member.self ? (
        <ShieldCheck className={css['verified']} size={16} strokeWidth={1.75} role="img" aria-label={t('members.verified')} />
      ) : null}
      {acts ? (
        <IconButton
          small
          className={css['more']}
          label={t('members.menu', { name })}
          icon={<Ellipsis size={16} strokeWidth={1.75} />}
          aria-haspopup="menu"
          tabIndex={tabIndex}
          onClick={(event) => onMenu(anchorOf(event.currentTarget))}
        />
      ) : null}
    </li>
  )
}
