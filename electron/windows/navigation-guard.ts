import type { Event, WebContents } from 'electron'

/**
 * A page stays what was loaded into it: it goes nowhere, opens nothing and embeds nothing.
 * An empty page needs no permission to replace another (Chromium asks nobody about `about:blank`), so from there `home` is loaded again.
 */
export function guardNavigation(contents: WebContents, home: string): void {
  const deny = (event: Pick<Event, 'preventDefault'>): void => event.preventDefault()
  contents.on('will-navigate', deny)
  contents.on('will-redirect', deny)
  contents.on('will-frame-navigate', deny)
  contents.on('will-attach-webview', deny)
  contents.on('did-navigate', (_event, url) => {
    if (url !== home) void contents.loadURL(home).catch(() => undefined)
  })
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}
