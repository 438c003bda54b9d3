import { useId, useRef } from 'react'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Channel, Connection, Member, Space, SpaceStatus } from '../../../shared/domain/models.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { Notice } from '../../components/notice.tsx'
import { safeName } from '../../components/safe-text.ts'
import { longDateAndTime } from '../../i18n/format.ts'
import { Astray } from './astray.tsx'
import { Composer } from './composer.tsx'
import { ConversationHistory } from './conversation-history.tsx'
import { GapLine } from './gap-line.tsx'
import { KeptDraft } from './kept-draft.tsx'
import { ListSkeleton } from './list-skeleton.tsx'
import type { DraftsStore } from './drafts-store.ts'
import type { MessagesStore } from './messages-store.ts'
import type { QuotesStore } from './quotes-store.ts'
import css from './conversation.module.css'

interface ConversationViewProps {
  space: Space
  channel: Channel
  members: readonly Member[]
  messages: MessagesStore
  quotes: QuotesStore
  drafts: DraftsStore
  /** Another number each time somebody went on by way of a dialog. */
  went: number
  copyText: (text: string) => Promise<boolean>
  now: () => number
  onInvite: () => void
  onAddPeople: () => void
  /** Comes back to the space by another invitation. */
  onJoin: () => void
  /** Deletes what is left of a space that one was removed from. */
  onForget: () => void
  /** What is known to be missing in the space. */
  missing: Connection['missing']
  /** In this device's place another computer with its profile is in. */
  onGoOn: () => Promise<CodedError | null>
  header: ReactNode
}

export function ConversationView({
  space,
  channel,
  messages,
  drafts,
  went,
  copyText,
  header,
  onJoin,
  onForget,
  onGoOn,
  missing,
  ...rest
}: ConversationViewProps) {
  const { t } = useTranslation()
  const { channelId } = channel
  const returningId = useId()
  const composer = useRef<HTMLTextAreaElement>(null)
  // Of a space, and so of all its channels; or of a private channel alone.
  const status = space.status.kind === 'member' ? channel.status : space.status
  const isOpen = channel.kind === 'open'
  const { astray, returning } = isOpen ? space : channel
  const isAlone = channel.kind === 'direct' && channel.with === null
  const conversation = useStore(messages.store, (state) => state.conversations[channelId]) ?? { kind: 'loading' }
  const kept = <KeptDraft key={channelId} channelId={channelId} drafts={drafts} copyText={copyText} />
  return (
    <main className={css['panel']} aria-label={safeName(channel.name)}>
      {header}
      {astray ? <Astray id={returningId} space={space} channel={channel} onJoin={onJoin} onGoOn={onGoOn} /> : null}
      {conversation.kind === 'loading' ? <ListSkeleton /> : null}
      {conversation.kind === 'failed' ? (
        <div className={css['panel']}>
          <Notice text={t('conversation.loadFailed')} action={t('app.tryAgain')} onAction={() => void messages.open(channel)} />
        </div>
      ) : null}
      {conversation.kind === 'ready' && conversation.problem !== null ? (
        <Problem error={conversation.problem} onDismiss={() => messages.dismissProblem(channelId)} />
      ) : null}
      {conversation.kind === 'ready' ? (
        <ConversationHistory
          key={`${channelId}${conversation.run}`}
          space={space}
          channel={channel}
          conversation={conversation}
          messages={messages}
          copyText={copyText}
          onToComposer={() => composer.current?.focus()}
          {...rest}
        />
      ) : null}
      {status.kind === 'member' ? <GapLine key={space.spaceId} missing={missing} /> : null}
      {returning && !astray && status.kind === 'member' ? (
        <p id={returningId} className={css['returning']} role="status">
          {t('spaces.returning')}
        </p>
      ) : null}
      {status.kind === 'removed' ? (
        <Removed status={status} channel={space.status.kind === 'member' ? channel : null} onJoin={onJoin} onForget={onForget}>
          {kept}
        </Removed>
      ) : isAlone || channel.lost ? (
        <div className={css['removed']}>
          <p role="status">{channel.lost ? t('conversation.lost') : t('private.alone', { name: safeName(channel.name) })}</p>
          {kept}
        </div>
      ) : (
        <Composer
          input={composer}
          channel={channel}
          drafts={drafts}
          maySend={(isOpen ? space.may.send : channel.may.send) || returning}
          heldBy={returning ? returningId : null}
          went={went}
        />
      )}
    </main>
  )
}

/** In the composer's place: why nothing can be written any more, and what can be done about it. */
interface RemovedProps {
  status: Extract<SpaceStatus, { kind: 'removed' }>
  /** Null where it is from the space. A private channel is come back to by itself, and another conversation of two begun. */
  channel: Channel | null
  onJoin: () => void
  onForget: () => void
  /** What was being written. */
  children: ReactNode
}

function Removed({ status, channel, onJoin, onForget, children }: RemovedProps) {
  const { t, i18n } = useTranslation()
  const time = longDateAndTime(i18n.language, status.at)
  const words = channel === null ? 'leaving' : 'private'
  const by = status.by === null ? t(`${words}.removed`, { time }) : t(`${words}.removedBy`, { name: safeName(status.by), time })
  return (
    <div className={css['removed']}>
      <p role="status">{channel?.kind === 'direct' ? t('private.over', { name: safeName(channel.name), time }) : by}</p>
      <div className={css['choices']}>
        {channel !== null ? null : <Button onClick={onJoin}>{t('spaces.useInvitation')}</Button>}
        <Button onClick={onForget}>{t('leaving.forget')}</Button>
      </div>
      {children}
    </div>
  )
}

/** Why the last wish to go somewhere could not be met. */
function Problem({ error, onDismiss }: { error: CodedError; onDismiss: () => void }) {
  const { t } = useTranslation()
  const words = useErrorWords()
  return (
    <div className={css['problem']} role="alert">
      <span>{error.code === 'not-found' ? t('conversation.jumpGone') : words(error)}</span>
      <IconButton small label={t('app.close')} icon={<X size={14} strokeWidth={1.75} />} onClick={onDismiss} />
    </div>
  )
}
