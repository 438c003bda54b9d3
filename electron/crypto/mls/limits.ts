/** Bounds of one group, so that no input costs more than a bounded amount of work. */

/** The largest MLS message taken apart: at 2.9 KB a member, as measured at 50, the Welcome of an X-Wing group of 1,000 fits. */
export const MESSAGE_BYTES = 4 * 1024 * 1024
/** Proposals of one commit. The library compares them with each other. */
export const PROPOSALS = 256
/** Leaves of a group, blank ones included; 250 members are what we test. */
export const LEAVES = 1024
/** What a leaf says it can do, all lists together, and how many extensions it has; ours have 5 and none. It travels in every Welcome. */
export const LEAF = { capabilities: 256, extensions: 16, extensionBytes: 1024 } as const
/** The settings extension: it is hashed into every epoch and travels in every Welcome. */
export const SETTINGS_BYTES = 256 * 1024
/** Bytes that are authenticated and not encrypted. */
export const AUTHENTICATED_DATA_BYTES = 16 * 1024

/** Keys of messages that were overtaken by later ones, for each sender. PROTOCOL.md asks for 100 at least. */
export const SKIPPED_GENERATIONS = 256
/** How far one message may be ahead of the last one of its sender. PROTOCOL.md asks for 1,000 at least. */
export const FORWARD_GENERATIONS = 4096

const DAY = 86_400
/** Key packages begin a day ago, because clocks differ, and last until an away member is likely to be back. In seconds. */
export const LIFETIME = { backdated: DAY, lasting: 90 * DAY, longest: 120 * DAY } as const
