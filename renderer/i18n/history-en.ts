/** Finding one's way in what was said, and what becomes of it. */
export const searchEn = {
  label: 'Search',
  placeholder: 'Search messages',
  clear: 'Clear search',
  close: 'Close search',
  results: 'Search results',
  list: 'Messages found',
  where: 'Where to look',
  scopes: { channel: 'This channel', space: 'This space', everywhere: 'Everywhere' },
  order: 'Order',
  orders: { newest: 'Newest first', relevance: 'Best match first' },
  hint: 'Words and beginnings of words are found; put “several words” in quotes to find them together. Messages and names of files on this device are searched.',
  searching: 'Searching',
  nothing: 'Nothing found for “{{text}}”.',
  lookEverywhere: 'Look everywhere',
  failed: 'The search failed.',
  found_one: '{{count}} message found',
  found_other: '{{count}} messages found',
  first_one: 'First {{count}} message, there are more',
  first_other: 'First {{count}} messages, there are more',
  more: 'Show more',
  moreFailed: 'More could not be loaded.',
} as const

export const datesEn = {
  open: 'Jump to a date',
  date: 'Date',
  go: 'Go',
  weekAgo: 'A week ago',
  monthAgo: 'A month ago',
  beginning: 'The beginning',
} as const

export const deletionEn = {
  title: 'Delete this message for you?',
  what: 'It is removed from this device and from its search, and does not come back.',
  whatNot: 'Everyone else keeps it, and nobody is told. Backup files made earlier still hold it.',
} as const

export const keepEn = {
  menu: 'Channel menu',
  settings: 'Channel settings',
  title: 'Settings of {{channel}}',
  legend: 'Keep messages on this device',
  forever: 'As long as the channel exists',
  year: '1 year',
  days_one: '{{count}} day',
  days_other: '{{count}} days',
  what: 'This is about your device only. Everyone else keeps theirs as they wish.',
  atOnce_one:
    'Messages older than {{count}} day are deleted from this device within a minute, and later ones when they reach that age. They do not come back. Backup files made earlier still hold them.',
  atOnce_other:
    'Messages older than {{count}} days are deleted from this device within a minute, and later ones when they reach that age. They do not come back. Backup files made earlier still hold them.',
  longer: 'Nothing is deleted now. What was deleted before does not come back.',
  save: 'Save',
  saveAndDelete: 'Save and delete older messages',
  start_one: 'Messages older than {{count}} day are deleted from this device.',
  start_other: 'Messages older than {{count}} days are deleted from this device.',
} as const

export const beforeEn = {
  joinedTitle: 'You joined here',
  joined: 'What was written before is not on this device.',
  olderTitle: 'Nothing older is on this device',
  given: 'What was written before you joined is here as far as members gave it to you.',
  deleted: 'Older messages were deleted from this device.',
} as const

export const exportEn = {
  menu: 'Export messages',
  title: 'Export {{channel}}',
  what: 'Writes all messages of this channel on this device into one file.',
  warning: 'The file is not encrypted: whoever has it can read it.',
  format: 'Format',
  html: 'A page to read (HTML)',
  json: 'Data for programs (JSON)',
  start: 'Choose where to save it',
} as const
