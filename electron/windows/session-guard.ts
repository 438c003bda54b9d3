import type { Session } from 'electron'
import { isAppUrl } from './app-path.ts'

const DEVTOOLS = 'devtools://'

/**
 * Closes a session: no permission is ever granted, no device offered, nothing downloaded, and no request leaves for
 * anything but the built renderer. `allowDevTools` lets the developer tools load their own files.
 */
export function guardSession(session: Session, allowDevTools: boolean): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler(null)
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }))
  // The spell checker fetches its dictionaries from a server.
  session.setSpellCheckerEnabled(false)
  session.on('will-download', (event) => event.preventDefault())
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !isAppUrl(details.url) && !(allowDevTools && details.url.startsWith(DEVTOOLS)) })
  })
}
