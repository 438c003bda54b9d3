import type { TFunction } from 'i18next'
import type { Unmet } from '../../shared/domain/unmet.ts'
import { safeName } from './safe-text.ts'

/** What was asked here in vain: where, what, and why. */
export function unmetWords(t: TFunction, { spaceName, channelName, kind, name, why }: Unmet): string {
  const says = t(`connection.unmetSays.${kind}`, { name: name === '' ? t('connection.unmetSomebody') : safeName(name) })
  const place = channelName === '' ? 'space' : 'channel'
  return t(`connection.unmetPlaces.${place}`, { channel: safeName(channelName), space: safeName(spaceName), says, why })
}
