import type { MailboxRoom } from '../../ports/mailbox.ts'

const MIB = 1024 * 1024

/** 64 MiB a tag, which is what one group may put on one day; in all what whoever runs it likes to give. */
export const DEFAULT_ROOM: MailboxRoom = { tagBytes: 64 * MIB, allBytes: 4096 * MIB }
/** How long it keeps what it gave a receipt for. */
export const KEPT_MS = 30 * 24 * 3_600_000
/** In one window. */
export const RATE_WINDOW_MS = 60_000
/** Of one peer: bursts of some groups at once; a client puts many objects with one request. */
export const PUTS_PER_PEER = 120
/** Of one peer: thirty days by eight keys of each of a few groups, after a month away. */
export const GETS_PER_PEER = 1_200
/** Under one tag: counted only if they are signed, so that nobody else can use it up. */
export const PUTS_PER_TAG = 240
/** Of all together, since peer ids cost nothing. */
export const REQUESTS_IN_ALL = 30_000
/** Of one machine, as one peer or another: a part of those. */
export const REQUESTS_PER_HOST = 7_500
/** Machines, peers and tags that are counted one by one; whoever comes when there are so many waits for the next window. */
export const COUNTED = 10_000
/** One page. */
export const PAGE_OBJECTS = 64
export const PAGE_BYTES = 256 * 1024
/**
 * How often what is too old goes, and how much of it in one transaction, with a pause before the next: it is overwritten, 20 ms for 2 MiB, and
 * nobody is answered meanwhile.
 */
export const SWEEP_MS = 10 * 60_000
export const SWEEP_PAUSE_MS = 100
export const SWEPT_AT_ONCE = { objects: 500, bytes: 2 * MIB } as const
