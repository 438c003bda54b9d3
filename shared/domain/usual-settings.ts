import type { Settings } from './models.ts'

/** What holds until somebody chose otherwise, and for what older versions did not store. */
export const usualSettings: Settings = {
  theme: 'system',
  lockAfterMinutes: null,
  lockOnSuspend: false,
  readReceipts: true,
  notices: 'without-text',
  keepRunning: false,
}
