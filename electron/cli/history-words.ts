import type { SpaceId } from '../../shared/domain/ids.ts'
import type { HistoryPolicy } from '../../shared/domain/models.ts'
import type { Api } from '../../shared/ipc/contract.ts'
import { validated } from './validated.ts'

export function historyWords(history: HistoryPolicy, ofOne = false): string {
  if (history.kind === 'none') return 'Newcomers are given nothing of what was said before.'
  if (history.kind === 'all') return 'Newcomers are given everything that was said before.'
  return `Newcomers are given the last ${history.count} messages${ofOne ? '' : ' of each channel'}.`
}

/** What was typed: undefined where nothing was. Throws where it is no such policy. */
export function historyWish(spaceId: SpaceId, what: string | undefined, count: number | undefined): HistoryPolicy | undefined {
  if (what === undefined) return undefined
  return validated('spaces.setHistory', { spaceId, history: { kind: what, ...(count === undefined ? {} : { count }) } }).history
}

/** Says what it is from now on, or what it is; of a space, or of a private channel by its `membersOf`. */
export const historyOf = (api: Api, spaceId: SpaceId, wish: HistoryPolicy | undefined): Promise<HistoryPolicy> =>
  wish === undefined ? api['spaces.history']({ spaceId }) : api['spaces.setHistory']({ spaceId, history: wish })
