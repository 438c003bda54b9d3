import type { ConnectionCheckCode } from '../domain/connection-check.ts'
import type { PersonLink, Queued } from '../domain/connection-people.ts'
import type { MailboxStatus, SessionPath, SessionState } from '../domain/models.ts'

export const sessionStatesEn = {
  dialing: 'Reaching',
  handshaking: 'Securing the connection',
  proving: 'Checking who it is',
  ready: 'Connected',
  'backing-off': 'Not reachable',
  closed: 'Closed',
} as const satisfies Record<SessionState, string>

export const sessionPathsEn = {
  direct: 'Connected directly',
  relayed: 'Connected through a relay',
  'hole-punched': 'Connected directly, past the routers (hole-punched)',
} as const satisfies Record<SessionPath, string>

/** Why a session or an attempt at one ended (`electron/network/sessions`). */
export const sessionFailuresEn = {
  unreachable: 'no way led there',
  'timed-out': 'no answer in time',
  refused: 'the other end refused',
  crossed: 'both ends began at once',
  lost: 'the line broke off',
  'kept-away': 'it sent what no SpacePanda sends, and is kept away',
} as const

/** How somebody is connected, where neither the path nor the state of a session says it. */
export const personLinksEn = {
  connected: 'Connected',
  unproven: 'Connected, but has not shown yet that they belong here',
  'no-address': 'Not connected: no address of theirs is known',
  'not-tried': 'Not connected',
  awaited: 'Asked to come in here, and not in yet',
} as const satisfies Partial<Record<PersonLink['kind'], string>>

/** Why something waits for somebody who is connected. */
export const notConfirmedEn = 'Connected, but has not confirmed it yet'

/** Why this device sends nothing in a place just now. */
export const heldEn = {
  returning: 'This device has to be let in with fresh keys first',
  astray: 'This device is being let in again first',
  'taken-over': 'Another computer seems to run this profile, and this one leaves the place to it',
} as const satisfies Record<NonNullable<Queued['held']>, string>

export const mailboxStatesEn = {
  unknown: 'Not asked yet',
  none: 'This relay keeps none',
  reachable: 'Reachable',
  unreachable: 'Not reachable',
  full: 'Full: takes nothing now',
  clock: 'Its clock and the one of this computer differ: check the time here',
  untrusted: 'Said something that cannot be true',
} as const satisfies Record<MailboxStatus['state'], string>

/** Of what is written down as a trouble some are such words, others are sentences. */
export const isSessionFailure = (trouble: string): trouble is keyof typeof sessionFailuresEn => Object.hasOwn(sessionFailuresEn, trouble)

/** What a test of the connection found, for a person. `{{…}}`: the values of the check. */
export const checkSaysEn = {
  'device-online': 'This device is on a network.',
  'device-offline': 'This device is on no network.',
  'device-confined': 'SpacePanda was started for this computer alone. The network was not looked at.',
  listening: 'SpacePanda listens: {{ports}}.',
  'listening-nowhere': 'SpacePanda listens nowhere, so nobody can connect to it.',
  'nearby-met': 'Others are found on this network: {{number}} so far.',
  'nearby-nobody': 'Others on this network are looked for. Nobody has been found so far.',
  'nearby-off': 'Others on this network are not looked for.',
  'relays-unused': 'No relay is used, because “This network only” is chosen.',
  'relays-none': 'No relay is chosen, so people elsewhere may not get through to this device.',
  'relay-answers': 'The relay answers in {{ms}} ms.',
  'relay-refuses': 'Nothing listens at the address of this relay.',
  'relay-silent': 'The relay does not answer.',
  'relay-no-way': 'From here no way leads to the address of this relay.',
  'relay-other-key': 'Somebody else answers at the address of this relay: the key is not the one in the address.',
  'relay-not-understood': 'Something answers at the address of this relay, and ends the conversation.',
  'place-held': 'The relay keeps a place for this device: others reach it there.',
  'place-refused': 'The relay gives this device no place. It is full, or has enough from this network.',
  'place-no-relay': 'What answers there is no relay.',
  'place-lost': 'The relay answers, and did not finish giving this device a place.',
  'mailbox-kept':
    'It keeps a mailbox: what is written to people who are away waits there. In a new direct message or private channel that begins once you have been connected.',
  'mailbox-none': 'It keeps no mailbox: what is written to people who are away waits on this device.',
  'mailbox-unknown': 'Whether it keeps a mailbox is not known yet.',
  'mailbox-silent': 'Its mailbox did not answer when it was asked last.',
  'mailbox-full': 'Its mailbox is full and takes nothing now.',
  'mailbox-clock': 'Its clock and the clock of this computer are more than ten minutes apart.',
  'mailbox-untrusted': 'Its mailbox said something that cannot be true. It is not relied on.',
  'outside-confirmed': 'Others tried an address of this device from outside and came through.',
  'outside-met': 'Somebody outside this network came straight to this device.',
  'outside-opened': 'The router says that it lets others through to this device. Nobody has tried yet.',
  'outside-seen': 'Others see this device at an address of its own outside. Whether it lets them in is not known.',
  'outside-unknown': 'Whether others reach this device straight from outside is not known.',
  'people-none': 'There is nobody to reach yet.',
  'people-connected': 'Connected with {{number}} of {{of}} people.',
  'people-away': 'Nobody is connected. People in your spaces: {{of}}.',
} as const satisfies Record<ConnectionCheckCode, string>

/** What to do about it; nothing where there is nothing to be done. */
export const checkRemedyEn = {
  'device-online': '',
  'device-offline': 'Connect to Wi-Fi or plug in a cable. What you write waits here until then.',
  'device-confined': '',
  listening: '',
  'listening-nowhere': 'Quit SpacePanda and start it again. If that does not help, see whether a security program forbids it to listen.',
  'nearby-met': '',
  'nearby-nobody':
    'If somebody is here: use the same network, not its guest network, and let the firewall pass UDP port 5353 and SpacePanda itself.',
  'nearby-off': '',
  'relays-unused': 'To be reached by people elsewhere, choose “My relays”.',
  'relays-none': 'Add a relay, or join by an invitation that names one. On the same network none is needed.',
  'relay-answers': '',
  'relay-refuses': 'Ask whoever runs it whether it is running and whether its address is still this one.',
  'relay-silent':
    'It may be switched off, or a firewall drops what is sent to its port. Ask whoever runs it; a second relay helps meanwhile.',
  'relay-no-way': 'Check that this device is online. An address that begins with /ip6/ needs a network with IPv6.',
  'relay-other-key': 'Ask whoever runs it for its address as it is now, and put it in place of this one. Until then it is not used.',
  'relay-not-understood': 'The port may belong to another program, or the relay has no room for more. Ask whoever runs it.',
  'place-held': '',
  'place-refused': 'Use another relay, or ask whoever runs it to allow more places.',
  'place-no-relay': 'This may be the address of a person. Take the address that the relay printed, or remove this one.',
  'place-lost': 'SpacePanda tries again by itself. If it stays so, ask whoever runs it to start the relay again.',
  'mailbox-kept': '',
  'mailbox-none': '',
  'mailbox-unknown': '',
  'mailbox-silent': 'It is asked again within a few minutes. Until then what you write waits here.',
  'mailbox-full': 'A second relay with a mailbox helps. Until then what you write waits here.',
  'mailbox-clock': 'Set the clock of this computer. If it is right, tell whoever runs the relay.',
  'mailbox-untrusted': 'Use another relay, and tell whoever runs this one.',
  'outside-confirmed': '',
  'outside-met': '',
  'outside-opened': '',
  'outside-seen': '',
  'outside-unknown': '',
  'people-none': 'Invite somebody, or join by an invitation.',
  'people-connected': '',
  'people-away': 'They may be offline. If one of them has SpacePanda open, let them test their connection, too.',
} as const satisfies Record<ConnectionCheckCode, string>
