import type { PeerId } from '../../../shared/domain/ids.ts'
import type { FetchNotes } from './fetch-notes.ts'
import { namesIn } from './fetch-notes.ts'

/** What a mailbox lacks that another has under the same tag, by names of tag and object. */
export type Lacking = ReadonlyMap<PeerId, ReadonlySet<string>>

/**
 * Holds mailboxes against each other. One whose tag was not read says nothing. It may be that whoever wrote could not reach one of
 * them: that is for the person to judge.
 */
export function compareMailboxes(notes: FetchNotes): Lacking {
  const union = new Map<string, Set<string>>()
  for (const tags of notes.values())
    for (const [id, { seen }] of tags) {
      const all = union.get(id) ?? new Set<string>()
      union.set(id, all)
      for (const name of seen === null ? [] : namesIn(seen)) all.add(name)
    }
  return new Map(
    [...notes].map(([mailbox, tags]) => {
      const lacking = [...tags].flatMap(([id, { seen }]) => {
        if (seen === null) return []
        const here = new Set(namesIn(seen))
        return [...(union.get(id) ?? [])].filter((name) => !here.has(name)).map((name) => `${id}/${name}`)
      })
      return [mailbox, new Set(lacking)]
    }),
  )
}

/** Tags that every mailbox has to the end: what was compared of them needs no keeping. */
export function comparedTags(notes: FetchNotes, mailboxes: readonly PeerId[]): Set<string> {
  const [first, ...others] = mailboxes.map((mailbox) => notes.get(mailbox))
  const complete = [...(first ?? [])].filter(([, note]) => note.complete).map(([id]) => id)
  return new Set(complete.filter((id) => others.every((tags) => tags?.get(id)?.complete === true)))
}
