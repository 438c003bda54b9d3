import { utf8 } from '../../kernel/bytes.ts'
import type { Work } from '../../kernel/work.ts'
import { writeNewFile } from '../../storage/backup/new-file.ts'
import type { ChannelSource } from './channel-source.ts'
import { htmlExport } from './html-export.ts'
import { jsonExport } from './json-export.ts'

export type ExportFormat = 'json' | 'html'

/**
 * Writes a channel's messages into a new file (mode 0600), whole or not at all, page by page. Answers how many there were.
 * Throws `AppError`: 'conflict' (the name is taken), 'disk', 'not-found' (no such folder), 'cancelled', 'stopping'.
 */
export function exportChannel(source: ChannelSource, format: ExportFormat, file: string, exportedAt: number, work: Work): Promise<number> {
  let messages = 0
  const counted: ChannelSource = {
    ...source,
    async *pages(control) {
      for await (const page of source.pages(control)) {
        messages += page.length
        yield page
      }
    },
  }
  return writeNewFile(file, async (write) => {
    const pieces = format === 'json' ? jsonExport(counted, exportedAt, work) : htmlExport(counted, exportedAt, work)
    for await (const piece of pieces) await write(utf8(piece))
    return messages
  })
}
