import type { PeerId } from '../../../shared/domain/ids.ts'
import type { Turn } from '../../kernel/turn.ts'
import type { FetchNotes, TagNote } from './fetch-notes.ts'
import { namesIn } from './fetch-notes.ts'

type Tags = ReadonlyMap<string, TagNote>

/**
 * What a mailbox lacks that another has under the same tag, by names of tag and object. A tag that was not read says nothing. It may be that
 * whoever wrote could not reach one of them: that is for the person to judge. Each tag may hold thousands, and takes a turn of its own.
 */
export async function lackedBy(mailbox: Tags, others: readonly Tags[], turn: Pick<Turn, 'take'>): Promise<Set<string>> {
  const lacking = new Set<string>()
  for (const [id, { seen }] of mailbox) {
    const theirs = others.flatMap((tags) => tags.get(id)?.seen ?? [])
    if (seen === null || theirs.length === 0) continue
    await turn.take()
    const here = new Set(namesIn(seen))
    for (const name of theirs.flatMap(namesIn)) if (!here.has(name)) lacking.add(`${id}/${name}`)
  }
  return lacking
}

/** Tags that every mailbox has to the end: what was compared of them needs no keeping. */
export function comparedTags(notes: FetchNotes, mailboxes: readonly PeerId[]): Set<string> {
  const [first, ...others] = mailboxes.map((mailbox) => notes.get(mailbox))
  const complete = [...(first ?? [])].filter(([, note]) => note.complete).map(([id]) => id)
  return new Set(complete.filter((id) => others.every((tags) => tags?.get(id)?.complete === true)))
}
