import type { ContentRule } from '../../storage/integrity/check-content.ts'

/** What each rule says, as a sentence where it holds and one where it does not. */
export const contentWords: Record<ContentRule, { holds: string; fails: (count: number) => string }> = {
  counters: {
    holds: 'The counters of every channel agree with its messages.',
    fails: (n) => `${n} counters of channels do not agree with the messages. A repair counts anew.`,
  },
  senders: {
    holds: 'What is known of each sender follows on.',
    fails: (n) => `What is known of ${n} senders does not follow on. Their messages may be asked for again.`,
  },
  'own-numbers': {
    holds: 'No number of our own messages would be used twice.',
    fails: (n) =>
      `${n} of our own messages have numbers that would be used again. Repair the profile before writing: members will let it in anew.`,
  },
  messages: {
    holds: 'Every message has what it came with.',
    fails: (n) => `${n} messages lack what they came with. A repair makes up for it; none of them is lost.`,
  },
  deliveries: {
    holds: 'Every delivery is of a message that is here.',
    fails: (n) => `${n} deliveries are of nothing. A repair removes them.`,
  },
  outbox: {
    holds: 'The outbox agrees with what is owed.',
    fails: (n) => `${n} entries of the outbox do not agree with what is owed. A repair makes it anew.`,
  },
  search: {
    holds: 'The search index agrees with the messages.',
    fails: (n) => `${n} entries of the search index are missing or too many. A repair makes it anew.`,
  },
  epochs: {
    holds: 'Every space has the keys of the epoch it is in.',
    fails: (n) => `${n} spaces lack the keys of the epoch they are in. They can be read, but not written in.`,
  },
  records: {
    holds: 'Every record of spaces, members and joins can be read.',
    fails: () => 'A record of a space, a member or a join cannot be read.',
  },
}
