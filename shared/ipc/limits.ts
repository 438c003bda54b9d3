/**
 * Bounds on what a person may type. Lengths are UTF-16 code units after trimming.
 * Apart from the schemas, so that the window can count characters without carrying a validator.
 */
export const limits = {
  name: 64,
  passphrase: 1024,
  passphraseLeast: 8,
  text: 16_000,
  /** Of what is being written: it may be too long to be sent, and is kept all the same. */
  draft: 60_000,
  link: 8_192,
  /** What may be pasted to be looked through for a link: the message that it came in. */
  pastedLink: 32_768,
  /** A multiaddr in text, and how many relays one has places on. */
  address: 256,
  relays: 8,
  page: 200,
  /** Results of a search at once. */
  hits: 100,
  /** How many people one invitation may let in. */
  invitationUses: 1_000,
  query: 256,
  path: 4_096,
  recoveryPhrase: 512,
  keepDays: 3_650,
  /** Of a private channel, as many as a space is tested with. */
  channelMembers: 250,
  /** Messages that a space may let newcomers have. */
  historyCount: 10_000,
  /** What was asked in vain and is not dismissed. */
  unmet: 50,
} as const
