export const HISTORY_PROTOCOL = '/spacepanda/history/1'
/** Three ids, a number and what is around them. */
export const MAX_HISTORY_REQUEST_BYTES = 1024
/** Messages of one answer together, unless there is only one: as in a push (`../objects/constants.ts`). */
export const PAGE_BYTES = 48 * 1024
/** One message of the largest text with its content, which `sync/content` bounds at 64 KiB and little more. */
export const MAX_CONTENT_BYTES = 65_536 + 2_048
/** The shortest message has more than 150 bytes, so that no page holds more than this. */
export const MAX_PAGE_MESSAGES = 400
/** A page of one message, or one of many with a name each: 64 characters of up to 4 bytes. */
export const MAX_HISTORY_ANSWER_BYTES = 160 * 1024
/** It reads some hundred rows. */
export const HISTORY_ANSWER_MS = 15_000
/** Of one peer: ten thousand messages of usual length are some hundred pages. */
export const PAGES_PER_PEER = 240
export const HISTORY_WINDOW_MS = 60_000
export const HISTORY_LATER_MS = 15_000
