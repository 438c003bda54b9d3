import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConnectionPlace, Queued } from '../../../shared/domain/connection-people.ts'
import { safeName } from '../../components/safe-text.ts'
import css from './connection-people.module.css'
import { awaitedWords, personWords } from './person-words.ts'

/** With so many lines in all everything is open at first; beyond that one opens what one wants to see. */
const OPEN_LINES = 12

const isFew = (lists: readonly { people: readonly unknown[] }[]): boolean =>
  lists.reduce((sum, { people }) => sum + people.length, 0) <= OPEN_LINES

/** Each space and private channel with how many are connected there; below it, to be folded, everybody in it. */
export function Places({ places }: { places: readonly ConnectionPlace[] }) {
  const { t, i18n } = useTranslation()
  const few = isFew(places)
  return places.map((place) => {
    const { membersOf, spaceName, channelName, connected, of, people } = place
    const names = { space: safeName(spaceName), channel: safeName(channelName) }
    return (
      <Fold
        key={membersOf}
        open={few}
        name={channelName === '' ? names.space : t('connectionPeople.place', names)}
        sum={of === 0 ? t('connectionPeople.nobody') : t('connectionPeople.connected', { count: connected, of })}
        lines={people.map((person) => (
          <Line
            key={person.memberId}
            name={person.name}
            isConnected={person.link.kind === 'connected'}
            words={personWords(t, i18n.language, person)}
          />
        ))}
        more={of - people.length}
      />
    )
  })
}

/** Each channel in which something waits; below it, to be folded, for whom, and why. */
export function Queue({ queued, channelName }: { queued: readonly Queued[]; channelName: (channelId: Queued['channelId']) => string }) {
  const { t, i18n } = useTranslation()
  const few = isFew(queued)
  return queued.map((each) => {
    const { channelId, messages, lookedAt, people, morePeople, held } = each
    const isPart = lookedAt > 0 && lookedAt < messages
    return (
      <Fold
        key={channelId}
        open={few}
        name={channelName(channelId)}
        sum={t('connection.queued', { count: messages })}
        note={[held === null ? '' : t(`connectionPeople.held.${held}`), isPart ? t('connectionPeople.older', { count: lookedAt }) : '']
          .filter((part) => part !== '')
          .join(' · ')}
        lines={people.map((person) => (
          <Line key={person.memberId} name={person.name} words={awaitedWords(t, i18n.language, person, each)} />
        ))}
        more={morePeople}
      />
    )
  })
}

interface FoldProps {
  name: string
  sum: string
  note?: string
  open: boolean
  lines: readonly ReactNode[]
  /** So many more than have a line. */
  more: number
}

function Fold({ name, sum, note = '', open, lines, more }: FoldProps) {
  const { t } = useTranslation()
  // What somebody opened or closed stays so while those in it come and go.
  const [isOpen, setOpen] = useState(open)
  const head = (
    <>
      <bdi className={css['name']} title={name}>
        {name}
      </bdi>{' '}
      <span className={css['sum']}>{sum}</span>
    </>
  )
  if (lines.length === 0)
    return (
      <dd>
        <div className={css['head']}>{head}</div>
        {note === '' ? null : <p className={css['note']}>{note}</p>}
      </dd>
    )
  return (
    <dd>
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className={css['head']}>{head}</summary>
        {note === '' ? null : <p className={css['note']}>{note}</p>}
        <ul className={css['lines']}>
          {lines}
          {more <= 0 ? null : <li className={css['note']}>{t('connectionPeople.more', { count: more })}</li>}
        </ul>
      </details>
    </dd>
  )
}

interface LineProps {
  name: string
  /** Told by a sign before the name; without it there is none. */
  isConnected?: boolean
  words: string
}

const Line = ({ name, isConnected, words }: LineProps) => (
  <li className={css['line']} data-connected={isConnected}>
    <bdi className={css['name']} title={safeName(name)}>
      {safeName(name)}
    </bdi>{' '}
    <span className={css['how']}>{words}</span>
  </li>
)
