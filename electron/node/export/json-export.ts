import type { Work } from '../../kernel/work.ts'
import type { ChannelSource } from './channel-source.ts'
import { messageJson } from './message-json.ts'

/** Raised when a reader of an older one could misread the file. */
export const JSON_EXPORT_VERSION = 1

/**
 * A channel as one JSON object, in pieces: `{format, version, exportedAt, space, channel, messages}`, the messages one a line,
 * the oldest first, in the form of the command line. Times are milliseconds since the Unix epoch. Described in docs/export-format.md.
 */
export async function* jsonExport({ space, channel, pages }: ChannelSource, exportedAt: number, work: Work): AsyncGenerator<string> {
  const head = JSON.stringify({ format: 'spacepanda-channel', version: JSON_EXPORT_VERSION, exportedAt, space, channel })
  yield `${head.slice(0, -1)},"messages":[`
  let first = true
  for await (const page of pages(work)) {
    const lines = page.map((message) => JSON.stringify(messageJson(message)))
    yield `${first ? '' : ','}\n${lines.join(',\n')}`
    first = false
  }
  yield '\n]}\n'
}
