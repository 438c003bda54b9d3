import { join } from 'node:path'
import { Menu, Tray, nativeImage } from 'electron'
import type { App } from 'electron'
import type { Api } from '../../../shared/ipc/contract.ts'
import { faultName } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { WindowKeeper } from '../window-keeper.ts'
import { Background } from './background.ts'
import type { TrayHandle } from './background.ts'
import { trayMenu, trayWords } from './tray-menu.ts'
import type { TrayActions } from './tray-menu.ts'

interface Deps {
  app: App
  /** The folder of the bundles: the icons lie in it. */
  appRoot: string
  logger: Logger
  keeper: WindowKeeper
  api: Pick<Api, 'profile.status' | 'profile.lock' | 'settings.get'>
}

/** The icon in the tray, where the person wants the program to outlive its window. */
export function startBackground({ app, appRoot, logger, keeper, api }: Deps): Background {
  const warn = (event: string) => (thrown: unknown) => logger.warn(event, { fault: faultName(thrown) })
  const actions: TrayActions = {
    open: () => keeper.open(),
    lock: () => void api['profile.lock']({}).catch(warn('not-locked')),
    // Not within the menu's own turn, which ends the icon that the menu hangs on.
    quit: () => setImmediate(() => app.quit()),
  }
  const background = new Background({
    ...{ logger, api },
    makeTray: () => {
      try {
        return makeTray(appRoot, actions)
      } catch (thrown) {
        warn('no-tray')(thrown)
        return null
      }
    },
    onTrayGone: () => {
      if (keeper.current === null) app.quit()
    },
  })
  void background.ask()
  return background
}

function makeTray(appRoot: string, actions: TrayActions): TrayHandle {
  const image = (name: string) => nativeImage.createFromPath(join(appRoot, name))
  const [plain, unread] = [image('tray.png'), image('tray-unread.png')]
  const tray = new Tray(plain)
  tray.on('click', actions.open)
  let shown = ''
  return {
    show: (view) => {
      // Some desktops close an open menu when it is set anew.
      const now = JSON.stringify(view)
      if (now === shown) return
      shown = now
      tray.setImage(view.isUnread ? unread : plain)
      tray.setToolTip(trayWords(view))
      tray.setContextMenu(Menu.buildFromTemplate(trayMenu(view, actions)))
    },
    remove: () => tray.destroy(),
  }
}
