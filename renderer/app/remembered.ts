import type { Settings } from '../../shared/domain/models.ts'

/**
 * What the window remembers of its own shape. No names, ids or text: this lies outside the
 * encrypted database.
 */
export interface Remembered {
  columnWidth: number
  membersShown: boolean
  theme: Settings['theme']
}

const KEY = 'window'
const usual: Remembered = { columnWidth: 240, membersShown: true, theme: 'system' }

export function recall(storage: Pick<Storage, 'getItem'>): Remembered {
  try {
    const stored: unknown = JSON.parse(storage.getItem(KEY) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return usual
    const { columnWidth, membersShown, theme } = stored as Partial<Record<keyof Remembered, unknown>>
    return {
      columnWidth: typeof columnWidth === 'number' && columnWidth >= 200 && columnWidth <= 360 ? columnWidth : usual.columnWidth,
      membersShown: typeof membersShown === 'boolean' ? membersShown : usual.membersShown,
      theme: theme === 'light' || theme === 'dark' ? theme : usual.theme,
    }
  } catch {
    return usual
  }
}

export function remember(storage: Pick<Storage, 'setItem'>, shape: Remembered): boolean {
  try {
    storage.setItem(KEY, JSON.stringify(shape))
    return true
  } catch {
    return false
  }
}
