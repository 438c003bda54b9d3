/** What of Electron's frames and messages is looked at, so that tests need no Electron. */
export interface SenderFrame {
  readonly url: string
  readonly parent: object | null
}

export interface SenderEvent {
  readonly sender: { readonly id: number }
  /** Null when the frame is gone or has navigated since. */
  readonly senderFrame: SenderFrame | null
}

/** Decides whether a message may be listened to at all. */
export type SenderCheck = (event: SenderEvent) => boolean

/** Only the top frame of our own window, and only while it shows our own origin. */
export const onlyOurWindow =
  (windowId: () => number | null, isAppUrl: (url: string) => boolean): SenderCheck =>
  ({ sender, senderFrame }) =>
    senderFrame !== null && senderFrame.parent === null && sender.id === windowId() && isAppUrl(senderFrame.url)
