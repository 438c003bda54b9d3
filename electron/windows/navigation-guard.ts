import type { Event, WebContents } from 'electron'

/** A page stays what was loaded into it: it goes nowhere, opens nothing and embeds nothing. */
export function guardNavigation(contents: WebContents): void {
  const deny = (event: Pick<Event, 'preventDefault'>): void => event.preventDefault()
  contents.on('will-navigate', deny)
  contents.on('will-redirect', deny)
  contents.on('will-frame-navigate', deny)
  contents.on('will-attach-webview', deny)
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}
