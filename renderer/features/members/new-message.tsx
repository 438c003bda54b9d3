import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MemberId } from '../../../shared/domain/ids.ts'
import type { Member } from '../../../shared/domain/models.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import { Avatar } from '../../components/avatar.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { findByName } from '../../components/fold.ts'
import { PickDialog } from '../../components/pick-dialog.tsx'
import { safeName } from '../../components/safe-text.ts'

interface NewMessageProps {
  /** Members of the space. */
  members: readonly Member[]
  /** Opens the conversation with somebody, the one there is already if there is one; answers why it could not. */
  message: (memberId: MemberId) => Promise<CodedError | null>
  onClose: () => void
}

/** Whom of a space to write to. */
export function NewMessage({ members, message, onClose }: NewMessageProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const people = members.filter(({ may }) => may.message)
  const choose = async (memberId: MemberId) => {
    if (busy) return
    setBusy(true)
    const error = await message(memberId)
    setBusy(false)
    setProblem(error === null ? null : words(error))
  }
  const optionsFor = (query: string) =>
    findByName(people, query, ({ name }) => safeName(name)).map(({ memberId, name, online, verified }) => ({
      key: memberId,
      icon: <Avatar id={memberId} size={24} />,
      name: safeName(name),
      // Of two with one name, the one that was compared.
      where: [verified ? [t('members.verified')] : [], t(online ? 'members.here' : 'members.away')].flat().join(' · '),
      choose: () => void choose(memberId),
    }))
  return (
    <PickDialog
      label={t('private.newMessage')}
      placeholder={t('private.newMessageTo')}
      results={t('members.title')}
      none={t(people.length === 0 ? 'private.nobodyElse' : 'private.nobodyCalled')}
      hint={t('private.newMessageHint')}
      optionsFor={optionsFor}
      problem={problem}
      onClose={onClose}
    />
  )
}
