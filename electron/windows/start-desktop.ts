import type { App } from 'electron'
import type { Api } from '../../shared/ipc/contract.ts'
import type { ChannelId } from '../../shared/domain/ids.ts'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logger.ts'
import { startNotices } from './notices/start-notices.ts'
import { startBackground } from './tray/start-background.ts'
import type { WindowKeeper } from './window-keeper.ts'

interface Deps {
  app: App
  /** The folder of the bundles. */
  appRoot: string
  clock: Clock
  logger: Logger
  platform: NodeJS.Platform
  keeper: WindowKeeper
  api: Pick<Api, 'profile.status' | 'profile.lock' | 'settings.get' | 'spaces.list'>
  /** The channel that is open in the window; null for none. */
  openChannel: () => ChannelId | null
  /** Tells the window. */
  tell: (event: NodeEvent) => void
}

export interface Desktop {
  heard(event: NodeEvent): void
  /** Another channel is open in the window, or none. */
  looked(): void
  /** Whether it outlives its window. */
  readonly keepsRunning: boolean
}

/** What of the messenger is seen outside of its window: notices, how much is unread, the icon in the tray. */
export function startDesktop(deps: Deps): Desktop {
  const { app, keeper, platform } = deps
  // There a program outlives its window anyway, and the dock shows it.
  const background = platform === 'darwin' ? null : startBackground(deps)
  let counted = 0
  const onUnread = (count: number): void => {
    if (count === counted) return
    counted = count
    keeper.setUnread(count)
    app.setBadgeCount(count)
    background?.setUnread(count)
  }
  const notices = startNotices({ ...deps, onUnread })
  app.on('will-quit', () => {
    notices.stop()
    background?.stop()
  })
  return {
    heard: (event) => {
      notices.heard(event)
      background?.heard(event)
    },
    looked: () => notices.looked(),
    get keepsRunning() {
      return background?.keepsRunning === true
    },
  }
}
