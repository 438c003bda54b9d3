import type { Space } from '../../shared/domain/models.ts'

/** A space and its channels with the ids that other commands want. */
export const spaceWords = ({ spaceId, name, channels }: Space): string =>
  [`${name}  ${spaceId}`, ...channels.map((c) => `  #${c.name}  ${c.channelId}`)].join('\n')
