import type { Message } from '../../shared/domain/models.ts'

export { messageJson } from '../node/export/message-json.ts'

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

export const messageWords = ({ sentAt, author, text, delivery }: Message): string => {
  const state = author.self ? `  (${delivery.state})` : ''
  // Lines after the first are set in, so that no text can look like a line of somebody else.
  return `${moment.format(sentAt)}  ${author.name}: ${text.replaceAll(/\r\n?|[\n\u2028\u2029]/g, '\n    ')}${state}`
}
