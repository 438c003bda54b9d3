import type { Space } from './models.ts'

/** How much of a space was not read here. */
export const unreadOf = ({ channels }: Pick<Space, 'channels'>): number => channels.reduce((sum, { unread }) => sum + unread, 0)

/** How much was not read in the spaces that the window shows: what was left is gone for whoever left it. */
export const unreadIn = (spaces: readonly Space[]): number =>
  spaces.filter(({ status }) => status.kind !== 'leaving').reduce((sum, space) => sum + unreadOf(space), 0)
