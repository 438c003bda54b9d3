import { heldEn, notConfirmedEn, personLinksEn } from '../../shared/words/connection-en.ts'

/** Who of each space is connected, and what waits for whom. */
export const connectionPeopleEn = {
  links: personLinksEn,
  notConfirmed: notConfirmedEn,
  held: heldEn,
  place: '{{space}} · {{channel}}',
  connected: '{{count}} of {{of}} connected',
  nobody: 'nobody else is here',
  lastSeen: 'last connected {{time}}',
  more: 'and {{count}} more',
  waiting: 'Waiting in {{channel}}',
  someOf_one: '{{count}} message',
  someOf_other: '{{count}} messages',
  inMailbox: 'left for them in a mailbox',
  inMailboxSome: '{{count}} left for them in a mailbox',
  older: 'The newest {{count}} were looked at.',
} as const
