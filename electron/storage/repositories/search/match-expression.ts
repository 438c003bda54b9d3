import type { ChannelId, GroupId } from '../../../../shared/domain/ids.ts'
import type { SearchQuery, SearchTerm } from '../../../ports/store.ts'
import { foldForIndex } from './fold.ts'

/** Words of `place`, so that where to look narrows a search inside the index. */
export const channelWord = (channelId: ChannelId): string => `c${channelId}`
export const groupWord = (groupId: GroupId): string => `g${groupId}`

/**
 * What FTS5 is asked (https://www.sqlite.org/fts5.html §3). Nothing of what was typed stands outside of a string, so nothing of it
 * is an operator. Null where nothing is asked for, or nowhere.
 */
export function matchExpression({ terms, groups, channelId }: Pick<SearchQuery, 'terms' | 'groups' | 'channelId'>): string | null {
  if (terms.length === 0 || groups?.length === 0) return null
  const places = [...(channelId === null ? [] : [[channelWord(channelId)]]), ...(groups === null ? [] : [groups.map(groupWord)])]
  const words = `{text names} : (${terms.map(termExpression).join(' AND ')})`
  return [words, ...places.map((any) => `place : (${any.map((place) => `"${place}"`).join(' OR ')})`)].join(' AND ')
}

const termExpression = ({ words, prefix }: SearchTerm): string => `"${foldForIndex(words).replaceAll('"', ' ')}"${prefix ? ' *' : ''}`
