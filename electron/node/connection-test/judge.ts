import { connectionChecks } from '../../../shared/domain/connection-check.ts'
import type { AwayPerson, CheckValues, ConnectionCheck, ConnectionCheckCode } from '../../../shared/domain/connection-check.ts'
import type { MailboxStatus, Reachability } from '../../../shared/domain/models.ts'
import type { Reached, RelayPlace, RelayProbe } from '../../ports/network.ts'

/** What was seen of a device, as checks: pure, so that every case can be played. */

interface About {
  relay?: string
  values?: CheckValues
  away?: AwayPerson[]
}

const check = (code: ConnectionCheckCode, { relay, values = {}, away = [] }: About = {}): ConnectionCheck => ({
  code,
  status: connectionChecks[code],
  relay: relay ?? null,
  values,
  away,
})

/** Whether it is on a network, listens, and looks for others there. */
export function judgeDevice({ confined, networks, nearby }: Reached, listening: readonly string[]): ConnectionCheck[] {
  const ports = portsOf(listening)
  return [
    check(confined ? 'device-confined' : networks > 0 ? 'device-online' : 'device-offline'),
    ports === '' ? check('listening-nowhere') : check('listening', { values: { ports } }),
    nearby === null ? check('nearby-off') : nearby > 0 ? check('nearby-met', { values: { number: nearby } }) : check('nearby-nobody'),
  ]
}

/** Why no relay is tried; nothing where one is. */
export function judgeChoice(level: Reachability, relays: number): ConnectionCheck[] {
  if (level === 'local') return [check('relays-unused')]
  return relays === 0 ? [check('relays-none')] : []
}

const NO_ANSWER = {
  refuses: 'relay-refuses',
  silent: 'relay-silent',
  'no-way': 'relay-no-way',
  'other-key': 'relay-other-key',
  'not-understood': 'relay-not-understood',
} as const satisfies Record<Extract<RelayProbe, { kind: 'no-answer' }>['why'], ConnectionCheckCode>

const PLACE = {
  held: 'place-held',
  refused: 'place-refused',
  'no-relay': 'place-no-relay',
  lost: 'place-lost',
} as const satisfies Record<RelayPlace, ConnectionCheckCode>

const MAILBOX = {
  unknown: 'mailbox-unknown',
  none: 'mailbox-none',
  reachable: 'mailbox-kept',
  unreachable: 'mailbox-silent',
  full: 'mailbox-full',
  clock: 'mailbox-clock',
  untrusted: 'mailbox-untrusted',
} as const satisfies Record<MailboxStatus['state'], ConnectionCheckCode>

/** One relay: only what comes after what works is looked at. `relay` is the end of its id. */
export function judgeRelay(relay: string, probe: RelayProbe, mailbox: MailboxStatus['state']): ConnectionCheck[] {
  if (probe.kind === 'no-answer') return [check(NO_ANSWER[probe.why], { relay })]
  const answers = check('relay-answers', { relay, values: { ms: probe.ms } })
  const place = check(PLACE[probe.place], { relay })
  return probe.place === 'no-relay' ? [answers, place] : [answers, place, check(MAILBOX[mailbox], { relay })]
}

/** Whether others come straight from outside; nothing at `local`, where nobody shall. */
export function judgeOutside(level: Reachability, outside: Reached['outside']): ConnectionCheck[] {
  return level === 'local' ? [] : [check(`outside-${outside}`)]
}

/** With how many of all that are known there is a session, and who the others are. */
export function judgePeople(connected: number, away: AwayPerson[]): ConnectionCheck {
  const of = connected + away.length
  if (of === 0) return check('people-none')
  return connected > 0
    ? check('people-connected', { values: { number: connected, of }, away })
    : check('people-away', { values: { of }, away })
}

/** `TCP 4001, UDP 4002` of what does not go by a relay. */
function portsOf(listening: readonly string[]): string {
  const own = listening.filter((address) => !address.includes('/p2p-circuit'))
  const found = own.flatMap((address) => {
    const [, protocol, port] = /^\/ip[46]\/[^/]+\/(tcp|udp)\/(\d+)/.exec(address) ?? []
    return protocol === undefined || port === undefined ? [] : [`${protocol.toUpperCase()} ${port}`]
  })
  return [...new Set(found)].join(', ')
}
