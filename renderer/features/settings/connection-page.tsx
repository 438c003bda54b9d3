import { Fragment, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReactNode } from 'react'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import type { Connection, MailboxStatus, PeerStatus } from '../../../shared/domain/models.ts'
import { isSessionFailure } from '../../../shared/words/connection-en.ts'
import { safeName } from '../../components/safe-text.ts'
import { unmetWords } from '../../components/unmet-words.ts'
import { clockTimeWithSeconds, dateAndTime, nameList } from '../../i18n/format.ts'
import type { TasksStore } from '../../bridge/tasks-store.ts'
import { Places, Queue } from './connection-people.tsx'
import { ConnectionTestSection } from './connection-test-section.tsx'
import { ReachSection } from './reach-section.tsx'
import type { ReachStore } from './reach-store.ts'
import css from './settings.module.css'

interface ConnectionPageProps {
  /** Null while the node has said nothing of it yet. */
  connection: Connection | null
  reach: ReachStore
  tasks: TasksStore
  channelName: (channelId: ChannelId) => string
}

/** Why something arrives or does not: everything the node knows of its connections, in words. */
export function ConnectionPage({ connection, reach, tasks, channelName }: ConnectionPageProps) {
  const { reachability, reachedBy } = connection ?? {}
  // A join may have brought a relay since, or the command line.
  useEffect(() => void reach.load(), [reach, reachability, reachedBy?.relays.of])
  return (
    <>
      <ConnectionTestSection connection={connection} tasks={tasks} reach={reach} />
      <ReachSection store={reach} />
      {connection === null ? null : <Facts connection={connection} channelName={channelName} />}
    </>
  )
}

function Facts({ connection, channelName }: { connection: Connection; channelName: ConnectionPageProps['channelName'] }) {
  const { t, i18n } = useTranslation()
  const others = unplaced(connection)
  return (
    <dl className={css['facts']}>
      <div>
        <dt>{t('settings.people')}</dt>
        {connection.places.length + others.length === 0 ? <dd>{t('settings.peopleNone')}</dd> : null}
        <Places places={connection.places} />
      </div>
      {others.length === 0 ? null : (
        <Fact
          term={t('settings.peopleElse')}
          values={others.map((peer) => (
            <Peer key={peer.peerId} peer={peer} />
          ))}
          none=""
        />
      )}
      <div>
        <dt>{t('settings.queue')}</dt>
        {connection.queued.length === 0 ? <dd>{t('settings.queueNone')}</dd> : null}
        <Queue queued={connection.queued} channelName={channelName} />
      </div>
      <Fact
        term={t('settings.missing')}
        values={connection.missing.map(({ name, messages, asked }) => {
          const what = t('settings.missingFrom', { count: messages, name: safeName(name) })
          if (asked.length === 0) return t('settings.missingWaits', { what })
          return t('settings.missingAsked', { what, names: nameList(i18n.language, asked.map(safeName)) })
        })}
        none={t('settings.missingNone')}
      />
      <Fact
        term={t('settings.mailboxes')}
        values={connection.mailboxes.map((mailbox) => (
          <Mailbox key={mailbox.peerId} mailbox={mailbox} />
        ))}
        none={t('settings.mailboxesNone')}
      />
      {connection.unmet.length === 0 ? null : (
        <Fact
          term={t('settings.unmet')}
          values={connection.unmet.map((one) => (
            <Fragment>
              {`${dateAndTime(i18n.language, one.at)} · `}
              <bdi>{unmetWords(t, one)}</bdi>
            </Fragment>
          ))}
          none=""
        />
      )}
      <Fact
        term={t('settings.errors')}
        values={connection.lastErrors.map((trouble) => (
          <Trouble trouble={trouble} to={connection.peers.find(({ peerId }) => peerId === trouble.peerId)} />
        ))}
        none={t('settings.errorsNone')}
      />
      <Fact term={t('settings.listening')} values={connection.listening} none={t('settings.listeningNone')} />
    </dl>
  )
}

/** Whoever is a member of a place stands there. */
function unplaced({ peers, places }: Connection): PeerStatus[] {
  const shown = new Set(places.map(({ spaceId }) => spaceId))
  return peers.filter(({ members }) => !members.some(({ spaceId }) => shown.has(spaceId)))
}

const Fact = ({ term, values, none }: { term: string; values: readonly ReactNode[]; none: string }) => (
  <div>
    <dt>{term}</dt>
    {values.length === 0 ? <dd>{none}</dd> : null}
    {values.map((value, index) => (
      <dd key={index}>{value}</dd>
    ))}
  </div>
)

/** What went wrong, and with whom if that is still known. */
function Trouble({ trouble: { at, message }, to }: { trouble: Connection['lastErrors'][number]; to: PeerStatus | undefined }) {
  const { t, i18n } = useTranslation()
  const who = namesOf(i18n.language, to?.members ?? [])
  const why = isSessionFailure(message) ? t(`settings.failures.${message}`) : null
  const failed = why !== null && (who === null ? t('settings.connectionFailed', { why }) : t('settings.connectionFailedTo', { who, why }))
  return (
    <>
      {`${clockTimeWithSeconds(i18n.language, at)} · `}
      <bdi>{failed === false ? message : failed}</bdi>
    </>
  )
}

/** Null where nobody is known there. */
function namesOf(language: string, members: PeerStatus['members']): string | null {
  const names = [...new Set(members.map((member) => safeName(member.name)))]
  return names.length === 0 ? null : nameList(language, names)
}

function Peer({ peer }: { peer: PeerStatus }) {
  const { t, i18n } = useTranslation()
  const who = namesOf(i18n.language, peer.members) ?? t('settings.unknownPeer')
  const { state, path, lastError } = peer
  const how = state === 'ready' && path !== null ? t(`settings.paths.${path}`) : t(`settings.sessions.${state}`)
  const why = lastError !== null && isSessionFailure(lastError) ? ` (${t(`settings.failures.${lastError}`)})` : ''
  const next = peer.retryAt === null ? '' : `, ${t('settings.retryAt', { time: clockTimeWithSeconds(i18n.language, peer.retryAt) })}`
  return (
    <>
      <bdi>{who}</bdi>
      {` · ${how}${why}${next}`}
    </>
  )
}

/** By the end of its id: a mailbox has no name. */
function Mailbox({ mailbox: { peerId, state, lastFetchedAt, withheld } }: { mailbox: MailboxStatus }) {
  const { t, i18n } = useTranslation()
  const parts = [
    `…${peerId.slice(-6)}`,
    t(`settings.mailboxStates.${state}`),
    ...(lastFetchedAt === null ? [] : [t('settings.mailboxFetched', { time: clockTimeWithSeconds(i18n.language, lastFetchedAt) })]),
    ...(withheld === 0 ? [] : [t('settings.mailboxWithheld', { count: withheld })]),
  ]
  return <>{parts.join(' · ')}</>
}
