import { memo, use } from 'react'
import { Ellipsis } from 'lucide-react'
import type { CSSProperties, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Member, Message } from '../../../shared/domain/models.ts'
import { Avatar } from '../../components/avatar.tsx'
import { identityHue } from '../../components/identity-hue.ts'
import { isEmojiOnly } from '../../components/emoji-only.ts'
import { RichText } from '../../components/rich-text.tsx'
import { safeName } from '../../components/safe-text.ts'
import { anchorOf } from '../../components/use-floating.ts'
import { clockTime, dateAndTime, dayLabel } from '../../i18n/format.ts'
import { DeliveryMark } from './delivery-mark.tsx'
import { MessageActions } from './message-actions.ts'
import { RowFocused } from './message-list-item.tsx'
import { Quote } from './quote.tsx'
import type { Away, Row } from './rows.ts'
import css from './message-item.module.css'

/** After so many characters there is room for a few words even in a narrow window. */
const SHORT = 24

/** Hebrew, Arabic and what else is written from the right. */
const FROM_THE_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** Whether the mark of the message follows its last word: of several lines the last one is mostly shorter than the room. Else it is beside them. */
const takesMark = ({ text, deleted, editedAt }: Message): boolean =>
  !deleted && editedAt === null && !isEmojiOnly(text) && !FROM_THE_RIGHT.test(text)

interface MessageItemProps {
  row: Row
  members: readonly Member[]
  /** For “Today” and “Yesterday”. */
  now: number
}

/** What one list item holds: separators above, then the message. */
export const MessageItem = memo(function MessageItem({ row, members, now }: MessageItemProps) {
  const { t, i18n } = useTranslation()
  const { message, opensGroup } = row
  const time = clockTime(i18n.language, message.sentAt)
  const isAtEnd = takesMark(message)
  const mark = message.author.self ? (
    <DeliveryMark delivery={message.delivery} members={members} roomAfter={message.text.length <= SHORT} />
  ) : undefined
  const words = { today: t('conversation.today'), yesterday: t('conversation.yesterday') }
  return (
    <>
      {row.day === null ? null : <div className={css['day']}>{dayLabel(i18n.language, row.day, now, words)}</div>}
      {row.joinedLine ? <div className={css['day']}>{t('sharing.joinedLine')}</div> : null}
      {row.awayLine === null ? null : <AwayLine away={row.awayLine} />}
      {row.unreadLine ? <div className={css['unread']}>{t('conversation.unreadLine')}</div> : null}
      {opensGroup && row.day === null && !row.unreadLine && !row.joinedLine && row.awayLine === null ? (
        <div className={css['gap']} />
      ) : null}
      <div className={[css['message'], opensGroup ? css['opens'] : ''].filter(Boolean).join(' ')}>
        <div className={css['gutter']}>
          {opensGroup ? <Avatar id={message.author.memberId} size={36} /> : <span className={css['hoverTime']}>{time}</span>}
        </div>
        <div className={css['content']}>
          {opensGroup ? <Head row={row} time={time} exact={dateAndTime(i18n.language, message.sentAt)} /> : null}
          <Body message={message} mark={isAtEnd ? mark : undefined} />
        </div>
        <div className={css['state']}>{isAtEnd ? null : mark}</div>
        <Tools message={message} />
      </div>
    </>
  )
})

/** What was said then is not here. */
function AwayLine({ away: { from, to } }: { away: Away }) {
  const { t, i18n } = useTranslation()
  const [since, until] = [dateAndTime(i18n.language, from), dateAndTime(i18n.language, to)]
  return <div className={`${css['day']} ${css['away']}`}>{t('sharing.awayLine', { since, until })}</div>
}

const Head = ({ row, time, exact }: { row: Row; time: string; exact: string }) => (
  <div className={css['head']}>
    <span className={css['author']} style={{ '--hue': identityHue(row.message.author.memberId) } as CSSProperties} dir="auto">
      {safeName(row.message.author.name)}
    </span>
    <time className={css['time']} dateTime={new Date(row.message.sentAt).toISOString()} title={exact}>
      {time}
    </time>
    <SharedBy message={row.message} />
  </div>
)

/** Who passed it on, of what was said before this device joined: its author is hearsay. Or its author did, to this device alone. */
function SharedBy({ message: { sharedBy, author, seq } }: { message: Message }) {
  const { t } = useTranslation()
  if (sharedBy === null) return null
  const name = safeName(sharedBy.name)
  if (seq > 0)
    return (
      <span className={css['time']} title={t('sharing.givenWhat', { name })}>
        {t('sharing.given')}
      </span>
    )
  return (
    <span className={css['time']} title={t('sharing.sharedByWhat', { name, author: safeName(author.name) })}>
      {t('sharing.sharedBy', { name })}
    </span>
  )
}

function Body({ message, mark }: { message: Message; mark: ReactNode }) {
  const { t } = useTranslation()
  const actions = use(MessageActions)
  return (
    <>
      {message.replyTo === null || actions === null ? null : (
        <Quote messageId={message.replyTo} quotes={actions.quotes} onGo={actions.onGo} />
      )}
      <div className={css['text']} data-emoji={isEmojiOnly(message.text) || undefined}>
        {message.deleted ? (
          <span className={css['deleted']}>{t('conversation.deleted')}</span>
        ) : (
          <RichText text={message.text} end={mark} />
        )}
        {message.editedAt === null || message.deleted ? null : <span className={css['edited']}>{t('conversation.edited')}</span>}
      </div>
    </>
  )
}

/** Over the message's corner, where it is pointed at or has the keyboard. Without a tip: there is one for every message. */
function Tools({ message }: { message: Message }) {
  const { t } = useTranslation()
  const actions = use(MessageActions)
  const reachable = use(RowFocused)
  if (actions === null) return null
  return (
    <div className={css['tools']}>
      <button
        type="button"
        className={css['more']}
        aria-label={t('conversation.menu')}
        aria-haspopup="menu"
        tabIndex={reachable ? 0 : -1}
        onClick={(event) => actions.onMenu(message, anchorOf(event.currentTarget))}
      >
        <Ellipsis size={16} strokeWidth={1.75} aria-hidden />
      </button>
    </div>
  )
}
