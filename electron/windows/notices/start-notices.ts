import type { App } from 'electron'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import type { NodeEvent } from '../../../shared/ipc/events.ts'
import type { Clock } from '../../kernel/clock.ts'
import { faultName } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { WindowKeeper } from '../window-keeper.ts'
import { Notices } from './notices.ts'
import type { NoticesDeps } from './notices.ts'
import { showNotice } from './show-notice.ts'

interface Deps extends Pick<NoticesDeps, 'api' | 'onUnread'> {
  app: App
  clock: Clock
  logger: Logger
  platform: NodeJS.Platform
  keeper: WindowKeeper
  /** The channel that is open in the window; null for none. */
  openChannel: () => ChannelId | null
  /** Tells the window. */
  tell: (event: NodeEvent) => void
}

/** Notices of messages that arrive, where the system shows such things. */
export function startNotices({ app, clock, logger, platform, keeper, api, openChannel, tell, onUnread }: Deps): Notices {
  const notices = new Notices({
    ...{ clock, logger, api },
    show: showNotice(platform, (thrown) => logger.warn('notice-not-shown', { fault: faultName(thrown) })),
    watched: () => (keeper.isLookedAt ? openChannel() : null),
    onOpen: (place) => {
      if (place !== null) tell({ event: 'notice.opened', data: place })
      keeper.open()
    },
    onUnread,
  })
  app.on('browser-window-focus', () => notices.looked())
  notices.looked()
  return notices
}
