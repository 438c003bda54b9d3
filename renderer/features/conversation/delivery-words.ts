import type { TFunction } from 'i18next'
import type { ChannelKind, Delivery, Member } from '../../../shared/domain/models.ts'
import { nameList } from '../../i18n/format.ts'
import { safeName } from '../../components/safe-text.ts'

/** Names are given for so many people; beyond that a number says more. */
const NAMED = 3

/** Where it was written. */
interface Where {
  kind: ChannelKind
  members: readonly Member[]
}

/** Where a message is, in words. Names only where it is certain who is meant: when nobody has it yet. */
export function deliveryWords(t: TFunction, language: string, delivery: Delivery, { kind, members }: Where): string {
  switch (delivery.state) {
    case 'stored': {
      const others = members.filter((member) => !member.self)
      if (delivery.recipients === 0) return t(kind === 'open' ? 'delivery.storedAlone' : 'delivery.storedAloneInChannel')
      // Whoever came since is not waited for.
      if (others.length === delivery.recipients && others.length <= NAMED && delivery.delivered === 0)
        return t('delivery.storedFor', {
          names: nameList(
            language,
            others.map((member) => safeName(member.name)),
          ),
        })
      return t('delivery.storedForMany', { count: delivery.recipients - delivery.delivered })
    }
    case 'held':
      if (delivery.delivered === 0) return t('delivery.heldMailbox')
      return t('delivery.held', { delivered: delivery.delivered, recipients: delivery.recipients })
    case 'delivered':
      if (delivery.read > 0) return t('delivery.readBy', { read: delivery.read, recipients: delivery.recipients })
      return t('delivery.delivered')
    case 'read':
      return t('delivery.read')
    case 'failed':
      return t('delivery.failed', { reason: delivery.reason ?? t('delivery.failedPlain') })
  }
}
