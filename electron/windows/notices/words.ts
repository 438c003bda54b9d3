import { plainName, safeName, spokenText } from '../../../shared/domain/safe-text.ts'
import type { Channel, Message, NoticeMode, Space } from '../../../shared/domain/models.ts'

/** As much as a notice has room for anywhere: what is longer is cut by some systems and fills the screen on others. */
const MOST_OF_NAME = 40
const MOST_OF_TEXT = 200

export interface NoticeWords {
  title: string
  body: string
}

export interface Place {
  space: Pick<Space, 'spaceId' | 'name'>
  channel: Pick<Channel, 'name' | 'kind'>
}

const characters = new Intl.Segmenter()

/** Of so many characters at most, none of them in half. Looks at no more of a long text than twice that. */
function cut(text: string, most: number): string {
  const isLong = text.length > 2 * most
  const beginning = text.slice(0, 2 * most).replace(/\p{Surrogate}$/u, '')
  const begun = [...characters.segment(beginning)].map(({ segment }) => segment)
  // The last of them may be cut by where the looking ended.
  const whole = isLong ? begun.slice(0, -1) : begun
  return whole.length <= most && !isLong ? text : `${whole.slice(0, most - 1).join('')}…`
}

/** Cut before it is made safe, so that what isolates its direction is not cut off. */
const nameOf = (name: string): string => safeName(cut(plainName(name), MOST_OF_NAME))

const newMessages = (count: number): string => (count === 1 ? 'A new message' : `${count} new messages`)

/** What a channel's notice says. `count` messages are unread there, of which `newest` is the last. */
export function wordsOf({ space, channel }: Place, newest: Pick<Message, 'author' | 'text'>, count: number, mode: NoticeMode): NoticeWords {
  const isDirect = channel.kind === 'direct'
  const where = `${isDirect || channel.kind === 'private' ? '' : '#'}${nameOf(channel.name)} · ${nameOf(space.name)}`
  const author = nameOf(newest.author.name)
  if (mode === 'with-text') {
    const said = cut(spokenText(newest.text.slice(0, 4 * MOST_OF_TEXT)), MOST_OF_TEXT)
    return { title: count === 1 ? where : `${where} (${count} new)`, body: isDirect ? said : `${author}: ${said}` }
  }
  if (isDirect) return { title: where, body: newMessages(count) }
  return { title: where, body: count === 1 ? `A new message from ${author}` : `${newMessages(count)}, the last one from ${author}` }
}

/** What stands for many at once, which is nobody's name and no text. */
export const wordsOfMany = (count: number, channels: number): NoticeWords => ({
  title: 'SpacePanda',
  body: channels === 1 ? newMessages(count) : `${newMessages(count)} in ${channels} channels`,
})

/**
 * On Linux the body of a notice is markup to many who show it, and Electron hands it on as it is (libnotify_notification.cc). Whether it is
 * markup to this one cannot be asked, so that escapes might be read as they stand: signs of the same look mean nothing to anybody.
 */
export const withoutMarkup = (text: string): string => text.replaceAll('<', '‹').replaceAll('>', '›').replaceAll('&', '＆')
