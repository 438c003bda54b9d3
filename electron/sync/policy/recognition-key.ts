import { createHmac } from 'node:crypto'
import { equalBytes } from '../../kernel/bytes.ts'
import type { SpaceSettings } from './settings.ts'

const LABEL = 'spacepanda/recognition/1'
/** Bound of `SpaceSettings.earlierKeys`: after so many goings a newcomer is recognised by those who were away meanwhile. */
export const EARLIER_KEYS = 32

/**
 * What members recognise each other by in a session: 32 bytes, HMAC-SHA256 of the label under a presence key. It opens nothing that lies in
 * mailboxes, which the presence key does; so those who came later may have it.
 */
export const recognitionKey = (presenceKey: Uint8Array): Uint8Array =>
  new Uint8Array(createHmac('sha256', presenceKey).update(LABEL).digest())

type Keys = Pick<SpaceSettings, 'presenceKey' | 'earlierKeys'>

/** The keys of a group whose presence key becomes another: the one it had goes before the earlier ones. */
export function withPresenceKey(before: Keys, presenceKey: Uint8Array): Keys {
  if (equalBytes(before.presenceKey, presenceKey)) return { presenceKey, earlierKeys: before.earlierKeys }
  return { presenceKey, earlierKeys: [recognitionKey(before.presenceKey), ...before.earlierKeys].slice(0, EARLIER_KEYS) }
}

/** Whether a group has that presence key, or once had it. Whoever makes another group of the same id could say so only of a key that it knows. */
export const recognises = ({ presenceKey, earlierKeys }: Keys, earlier: Uint8Array): boolean =>
  equalBytes(presenceKey, earlier) || earlierKeys.some((key) => equalBytes(key, recognitionKey(earlier)))

/** Whether the earlier keys of `after` follow from `before` and the presence key of `after`, whatever that is. */
export function sameEarlierKeys(before: Keys, after: Keys): boolean {
  const { earlierKeys } = withPresenceKey(before, after.presenceKey)
  return (
    earlierKeys.length === after.earlierKeys.length &&
    earlierKeys.every((key, i) => equalBytes(key, after.earlierKeys[i] ?? key.subarray(1)))
  )
}
