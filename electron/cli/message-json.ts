import type { Message } from '../../shared/domain/models.ts'

export { messageJson } from '../node/export/message-json.ts'

export const messageWords = ({ sentAt, author, text, delivery }: Message): string => {
  const time = new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeStyle: 'short' }).format(sentAt)
  const state = author.self ? `  (${delivery.state})` : ''
  // Lines after the first are set in, so that no text can look like a line of somebody else.
  return `${time}  ${author.name}: ${text.replaceAll(/\r\n?|[\n\u2028\u2029]/g, '\n    ')}${state}`
}
