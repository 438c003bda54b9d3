import * as z from 'zod'
import type { FileWish } from '../../shared/ipc/bridge.ts'
import { limits } from '../../shared/ipc/limits.ts'
import { AppError } from '../kernel/errors.ts'
import type { PathWall } from './path-wall.ts'

const wish = z.strictObject({
  purpose: z.enum(['save-backup', 'open-backup', 'backup-folder', 'save-json', 'save-html']),
  name: z.string().max(limits.query),
})

/** Asks the person; null when they think better of it. */
export type FileDialogs = (wish: FileWish) => Promise<string | null>

/**
 * Answers the window's wishes for a file, one at a time, and notes each choice. Throws `AppError`: 'usage' for what is no wish,
 * 'conflict' while another dialog is open.
 */
export function createFileChooser(ask: FileDialogs, wall: PathWall): (wish: unknown) => Promise<string | null> {
  let asking = false
  return async (wanted) => {
    const parsed = wish.safeParse(wanted)
    if (!parsed.success) throw new AppError('usage', 'The call was not understood.')
    if (asking) throw new AppError('conflict', 'A file is being chosen already.')
    asking = true
    try {
      const chosen = await ask(parsed.data)
      if (chosen !== null) wall.choose(parsed.data.purpose, chosen)
      return chosen
    } finally {
      asking = false
    }
  }
}
