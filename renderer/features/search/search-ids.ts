/** There is one search in the window: its list of hits, and each hit, can be named by the search box. */
export const HITS_ID = 'search-hits'
export const hitId = (index: number): string => `${HITS_ID}-${index}`
