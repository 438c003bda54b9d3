import { Notification } from 'electron'
import type { NoticeHandle, NoticesDeps } from './notices.ts'
import { withoutMarkup } from './words.ts'

/**
 * Shows a notice by the system; null where it has nothing to show one with, and where that fails: a message is not worth less for it.
 * On Windows a notice is said to be closed when it goes from the screen into a list from which it has to be taken yet.
 */
export const showNotice =
  (platform: NodeJS.Platform, onFault: (thrown: unknown) => void): NoticesDeps['show'] =>
  ({ title, body }, { onClick, onGone }): NoticeHandle | null => {
    try {
      if (!Notification.isSupported()) return null
      const plain = platform === 'linux' ? withoutMarkup : (text: string): string => text
      const notice = new Notification({ title: plain(title), body: plain(body) })
      notice.on('click', onClick)
      notice.on('failed', onGone)
      if (platform !== 'win32') notice.on('close', onGone)
      notice.show()
      return { close: () => notice.close() }
    } catch (thrown) {
      onFault(thrown)
      return null
    }
  }
