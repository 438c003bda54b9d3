import { join } from 'node:path'
import { app, clipboard, dialog, ipcMain, powerMonitor, safeStorage, session } from 'electron'
import type { ChannelId } from '../shared/domain/ids.ts'
import type { NodeEvent } from '../shared/ipc/events.ts'
import type { UpdateView } from '../shared/ipc/updates.ts'
import type { Dispatch } from './node/api/dispatch.ts'
import type { IpcDeps } from './ipc/bind.ts'
import { EventPump } from './ipc/event-pump.ts'
import { FirstAnswer } from './ipc/first-answer.ts'
import { answerLate } from './ipc/late-endpoint.ts'
import { sendEvents, sendUpdates } from './ipc/send-event.ts'
import { onlyOurWindow } from './ipc/sender.ts'
import { buildInfo } from './kernel/build-info.ts'
import { systemClock } from './kernel/clock.ts'
import { dataDirOf, isFresh, likelyOpeners } from './node/profile/data-dir.ts'
import type { NodeHandle } from './node/node-handle.ts'
import type { Updater } from './updater/updater.ts'
import { readAbout } from './windows/about.ts'
import { isAppUrl } from './windows/app-path.ts'
import { registerAppScheme, serveApp } from './windows/app-scheme.ts'
import { makeFolder, windowDirOf } from './windows/data-dir.ts'
import { linkFromArgv, parseDeepLink } from './windows/deep-links.ts'
import { createFileDialogs } from './windows/file-dialogs.ts'
import { setMenu, skipDefaultMenu } from './windows/menu.ts'
import { stopBeforeQuit } from './windows/quit.ts'
import { saveScreenshot } from './windows/screenshot.ts'
import { isKeyringSafe } from './windows/keyring.ts'
import { guardSession } from './windows/session-guard.ts'
import { applySwitches } from './windows/switches.ts'
import type { Desktop } from './windows/start-desktop.ts'
import { WindowKeeper } from './windows/window-keeper.ts'

const appRoot = import.meta.dirname
const developer = !app.isPackaged
const { platform, env } = process
const dataDir = dataDirOf(undefined, platform, env)
const windowDir = windowDirOf(dataDir)

// Root can only run without the sandbox; demanding it then makes Chromium's own processes end and start again for ever.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
process.on('unhandledRejection', (thrown) => void import('./kernel/unheard.ts').then(({ logUnheard }) => logUnheard(thrown)))
// Windows shows notices only of who says, before its first window, which installed program it is (build/package/builder-config.mjs).
if (platform === 'win32') app.setAppUserModelId('app.spacepanda.desktop')
registerAppScheme()
skipDefaultMenu()
applySwitches(app.commandLine)
try {
  makeFolder(windowDir)
  app.setPath('userData', windowDir)
  if (app.requestSingleInstanceLock()) run()
  else {
    process.stdout.write('SpacePanda is open already with this profile: its window comes to the front.\n')
    app.exit(0)
  }
} catch {
  dialog.showErrorBox('SpacePanda cannot open its folder', `It needs to write to ${dataDir}.`)
  app.exit(1)
}

interface Backend {
  node: NodeHandle
  desktop: Desktop
  dispatch: Dispatch
}

/** The window, and what its person looks at in it. */
interface Seen {
  keeper: WindowKeeper
  openChannel: () => ChannelId | null
}

/** The messenger is most of the program, so it is loaded after the window is on the screen. */
async function loadBackend(pump: EventPump, first: FirstAnswer, seen: Seen): Promise<Backend> {
  performance.mark('spacepanda:backend-asked-for')
  const around = Promise.all([
    import('./windows/keyring.ts'),
    import('./windows/auto-lock.ts'),
    import('./windows/before-sleep.ts'),
    import('./windows/start-desktop.ts'),
  ])
  const [{ createNode }, { createDispatch }, { createLogger, faultName }, { systemRandom }] = await Promise.all([
    import('./node/create-node.ts'),
    import('./node/api/dispatch.ts'),
    import('./kernel/logger.ts'),
    import('./kernel/random.ts'),
  ])
  const [{ openKeyring }, { lockByItself }, { beforeSleep }, { startDesktop }] = await around
  const loopbackOnly = env['SPACEPANDA_NETWORK'] === 'loopback'
  const logger = createLogger('warn')
  const node = await createNode({
    dataDir,
    keyVault: await openKeyring(safeStorage, platform),
    logger,
    clock: systemClock,
    random: systemRandom,
    early: true,
    network: { loopbackOnly, mdns: !loopbackOnly, webrtc: true },
  })
  const tell = (event: NodeEvent): void => pump.push(event)
  const desktop = startDesktop({
    app,
    appRoot,
    clock: systemClock,
    logger: logger.child('desktop'),
    platform,
    api: node.api,
    tell,
    ...seen,
  })
  node.on((event) => {
    tell(event)
    desktop.heard(event)
  })
  void first
    .news(() => node.api['profile.status']({}))
    .then(
      (status) => {
        if (status !== null) pump.push({ event: 'profile.changed', data: status })
      },
      (thrown: unknown) => logger.warn('status-unknown', { fault: faultName(thrown) }),
    )
  lockByItself({ power: powerMonitor, clock: systemClock, logger, api: node.api })
  beforeSleep({ power: powerMonitor, logger, goOff: () => node.sleeps() })
  performance.mark('spacepanda:backend-ready')
  return { node, desktop, dispatch: createDispatch(node.api, logger.child('ipc')) }
}

/** Loaded after the messenger: it is in no hurry, and has to work where no profile can be opened. */
async function loadUpdater(after: Promise<unknown>, onChange: (view: UpdateView) => void): Promise<Updater> {
  await Promise.allSettled([after])
  const [{ startUpdater }, { createLogger }, { systemRandom }] = await Promise.all([
    import('./updater/start-updater.ts'),
    import('./kernel/logger.ts'),
    import('./kernel/random.ts'),
  ])
  const logger = createLogger('warn').child('updater')
  // The link that it was opened with is not opened once more.
  const args = process.argv.slice(1).filter((word) => parseDeepLink(word) === null)
  return startUpdater({ app, args, buildInfo, env, folder: windowDir, clock: systemClock, random: systemRandom, logger, onChange })
}

function run(): void {
  let bound: Promise<void> | null = null
  let backend: Promise<Backend> | null = null
  let ready: Backend | null = null
  let isLoading = false
  let updating: Promise<Updater> | null = null
  const dispatch = Promise.withResolvers<Dispatch>()
  const updater = Promise.withResolvers<Updater>()
  const first = new FirstAnswer({
    clock: systemClock,
    messenger: dispatch.promise,
    isFresh: () => isFresh(dataDir),
    likelyOpeners: () => likelyOpeners(dataDir),
    personalOpeners: async () => (await import('./node/profile/closed-profile.ts')).personalOpeners(dataDir),
    isKeyringSafe: () => isKeyringSafe(safeStorage, platform),
  })
  const pump: EventPump = new EventPump(systemClock, (events) => sendEvents(keeper.current, events))
  const windowDeps = {
    clock: systemClock,
    appRoot,
    stateFile: join(windowDir, 'place.json'),
    developer,
    platform,
  }
  const keeper = new WindowKeeper(windowDeps, {
    onShown: () => {
      performance.mark('spacepanda:window-shown')
      void first.isPainted().then(follow)
    },
    onPageGone: () => {
      pump.close()
      looksAt(null)
    },
  })

  /** What comes after the window. */
  const follow = (): void => {
    setMenu({ isMac: platform === 'darwin', developer })
    bound ??= import('./ipc/bind.ts').then(({ bindIpc }) => void bindIpc(endpoint, answers))
    backend ??= first.isDrawn().then(async () => {
      isLoading = true
      ready = await loadBackend(pump, first, { keeper, openChannel: () => openChannel })
      return ready
    })
    dispatch.resolve(backend.then((loaded) => loaded.dispatch))
    updating ??= loadUpdater(backend, (view) => sendUpdates(keeper.current, view))
    void updating.then((loaded) => powerMonitor.on('resume', () => loaded.woke()))
    updater.resolve(updating)
  }

  let openChannel: ChannelId | null = null
  const looksAt = (channelId: ChannelId | null): void => {
    openChannel = channelId
    ready?.desktop.looked()
  }

  const openLink = (link: string | null): void => {
    if (link !== null) pump.push({ event: 'link.opened', data: { link } })
    if (app.isReady()) keeper.open()
  }
  openLink(linkFromArgv(process.argv))
  app.on('second-instance', (_event, argv) => openLink(linkFromArgv(argv)))
  app.on('open-url', (event, url) => {
    event.preventDefault()
    openLink(parseDeepLink(url))
  })
  app.on('activate', () => openLink(null))
  app.on('window-all-closed', () => {
    if (platform !== 'darwin' && ready?.desktop.keepsRunning !== true) app.quit()
  })

  const endpoint = answerLate(ipcMain)
  const answers: IpcDeps = {
    isTrusted: onlyOurWindow(() => keeper.current?.webContents.id ?? null, isAppUrl),
    dispatch: first.dispatch,
    // Electron 33 has done it when this returns, Electron 45 when it resolves.
    writeClipboard: async (text) => {
      await clipboard.writeText(text)
    },
    askForFile: createFileDialogs({ dialog, window: () => keeper.current, documents: () => app.getPath('documents') }),
    about: () => readAbout(developer ? null : process.resourcesPath),
    updates: async (wish) => (await updater.promise).wish(wish),
    looksAt,
    loginItem: async (wish) => {
      const { loginItem } = await import('./windows/login-item.ts')
      return loginItem({ app, platform, packaged: app.isPackaged, executable: process.execPath, env, home: app.getPath('home') }, wish)
    },
    onListening: () => {
      first.asked()
      pump.open()
    },
  }
  stopBeforeQuit(app, process, systemClock, {
    stop: async () => {
      if (!isLoading) return
      const [loaded] = await Promise.allSettled([updating])
      if (loaded.status === 'fulfilled') loaded.value?.stop()
      await (await backend)?.node.stop()
    },
    release: async () => ready?.node.release(),
  })

  void app.whenReady().then(async () => {
    guardSession(session.defaultSession, developer)
    serveApp(session.defaultSession, join(appRoot, 'renderer'), () => first.page())
    if (!developer) app.setAsDefaultProtocolClient('spacepanda')
    keeper.open()
    void first.look()
    await saveScreenshotOnce(keeper, dispatch.promise)
  })
}

/** For `npm start` on a machine without a display. A package ignores it. */
async function saveScreenshotOnce(keeper: WindowKeeper, started: Promise<unknown>): Promise<void> {
  const file = env['SPACEPANDA_SCREENSHOT']
  if (!developer || file === undefined || file === '') return
  await Promise.allSettled([started])
  if (keeper.current !== null) await saveScreenshot(keeper.current, file, systemClock)
}
