import type { Channel, Space } from '../../shared/domain/models.ts'

/** A space and its channels with the ids that other commands want. */
export const spaceWords = ({ spaceId, name, status, channels }: Space): string =>
  [`${name}  ${spaceId}${noted(endings[status.kind])}`, ...channels.map((channel) => `  ${channelWords(channel)}`)].join('\n')

/** A channel with its id, who may read it unless that is the whole space, and whether one takes part in it no more. */
export const channelWords = (channel: Channel): string =>
  `${channel.kind === 'direct' ? '' : '#'}${channel.name}  ${channel.channelId}${noted(...notesOf(channel))}`

const endings: Readonly<Record<Space['status']['kind'], string | null>> = {
  member: null,
  leaving: 'leaving',
  removed: 'you were removed',
}

function notesOf({ kind, status, with: other, lost }: Channel): (string | null)[] {
  const isAlone = kind === 'direct' && other === null && status.kind === 'member'
  return [
    kind === 'open' ? null : kind,
    lost ? 'not in the space, to be read only' : null,
    isAlone ? 'the other left' : endings[status.kind],
  ]
}

function noted(...notes: (string | null)[]): string {
  const said = notes.filter((note) => note !== null)
  return said.length === 0 ? '' : `  (${said.join(', ')})`
}
