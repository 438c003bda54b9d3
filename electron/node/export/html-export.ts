import type { Message } from '../../../shared/domain/models.ts'
import type { Work } from '../../kernel/work.ts'
import type { ChannelSource } from './channel-source.ts'
import { EXPORT_CSP, EXPORT_STYLE } from './html-style.ts'
import { escapeHtml, escapeTitle, excerptOf } from './html-text.ts'

const EXCERPT = 80
/** Beyond it JavaScript has no dates; a message may say that it was sent at any time. */
const LAST_DATE_MS = 8.64e15

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full' })
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' })
const zone = (): string => day.resolvedOptions().timeZone

/** A channel as one HTML page that needs nothing else, in pieces; the oldest message first. Every text in it is only text. */
export async function* htmlExport(source: ChannelSource, exportedAt: number, work: Work): AsyncGenerator<string> {
  yield head(source, exportedAt)
  let shownDay = ''
  let count = 0
  for await (const page of source.pages(work)) {
    let html = ''
    for (const message of page) {
      const today = dayOf(message.sentAt)
      if (today !== shownDay) html += `<li><h2>${escapeHtml(today)}</h2></li>\n`
      shownDay = today
      html += item(source, message)
    }
    count += page.length
    yield html
  }
  yield foot(count)
}

const isDate = (at: number): boolean => Number.isFinite(at) && Math.abs(at) <= LAST_DATE_MS
const dayOf = (at: number): string => (isDate(at) ? day.format(at) : 'On an unknown day')

function head({ space, channel }: ChannelSource, exportedAt: number): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(EXPORT_CSP)}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>#${escapeTitle(channel.name)} – ${escapeTitle(space.name)}</title>
<style>${EXPORT_STYLE}</style>
</head>
<body>
<header>
<h1>#<bdi>${escapeHtml(channel.name)}</bdi></h1>
<p>Channel of <bdi>${escapeHtml(space.name)}</bdi>, exported from SpacePanda on ${escapeHtml(`${dayOf(exportedAt)}, ${clock.format(exportedAt)}`)}. Times are those of ${escapeHtml(zone())}.</p>
</header>
<main>
<ol>
`
}

function item(source: ChannelSource, message: Message): string {
  const { messageId, author, editedAt, deleted, text } = message
  const notes = [editedAt === null ? '' : '<span class="note"> edited</span>', failureOf(message), sharerOf(message)].join('')
  const words = deleted ? '<p class="note">This message was deleted.</p>' : `<p class="text" dir="auto">${escapeHtml(text)}</p>`
  return `<li class="message" id="m${escapeHtml(messageId)}"><p><bdi class="author">${escapeHtml(author.name)}</bdi>${timeOf(message)}${notes}</p>${replyOf(source, message)}${words}</li>\n`
}

function timeOf({ sentAt }: Message): string {
  if (!isDate(sentAt)) return '<span class="time">at an unknown time</span>'
  return `<time class="time" datetime="${new Date(sentAt).toISOString()}">${escapeHtml(clock.format(sentAt))}</time>`
}

const sharerOf = ({ sharedBy, seq }: Message): string =>
  sharedBy === null
    ? ''
    : seq > 0
      ? '<span class="note"> given directly</span>'
      : `<span class="note"> shared by <bdi>${escapeHtml(sharedBy.name)}</bdi></span>`

const failureOf = ({ delivery }: Message): string => (delivery.state === 'failed' ? '<span class="note"> not delivered</span>' : '')

function replyOf(source: ChannelSource, { replyTo }: Message): string {
  if (replyTo === null) return ''
  const answered = source.message(replyTo)
  if (answered === null) return '<p class="reply">In reply to a message that is not here</p>'
  const excerpt = answered.deleted ? '' : `: <bdi>${escapeHtml(excerptOf(answered.text, EXCERPT))}</bdi>`
  return `<p class="reply">In reply to <a href="#m${escapeHtml(replyTo)}"><bdi>${escapeHtml(answered.author.name)}</bdi></a>${excerpt}</p>`
}

const foot = (count: number): string => `</ol>
</main>
<footer><p>${count === 1 ? 'One message' : `${count} messages`}</p></footer>
</body>
</html>
`
