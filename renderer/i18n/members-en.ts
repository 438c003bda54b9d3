/** Who is in a space, what they may do, and how they come out of it. */
export const membersEn = {
  title: 'Members',
  show: 'Show members',
  hide: 'Hide members',
  here: 'Connected',
  away: 'Not connected',
  until: 'Until you were removed',
  self: 'you',
  roles: { owner: 'Owner', admin: 'Admin', moderator: 'Moderator', member: 'Member', guest: 'Guest' },
  loadFailed: 'The members could not be loaded.',
  verified: 'Verified',
  menu: 'What to do about {{name}}',
  message: 'Message',
  messageFailed: 'The conversation could not be opened.',
  role: 'Change role…',
  verify: 'Verify…',
  remove: 'Remove…',

  roleTitle: 'Role of {{name}}',
  roleOwnTitle: 'Your role',
  roleLegend: 'Role',
  roleWhat: {
    owner: 'Owner: everything, and makes others owner. Stays owner until they step down.',
    admin: 'Admin: renames the space, makes channels for everybody in it, gives roles up to their own.',
    moderator: 'Moderator: removes members and guests.',
    member: 'Member: invites people.',
    guest: 'Guest: reads and writes, also in private channels that they make.',
  },
  roleAll: 'Each may also do what the ones below may.',
  roleSave: 'Change role',
  roleInvitations: 'Open invitations that the new role could not make end with it.',
  roleOwner: 'You cannot take that back: only {{name}} can stop being owner.',
  roleOwnLower: 'You cannot take that back: somebody above your new role has to.',

  removeTitle: 'Remove {{name}}?',
  removeWhat: '{{name}} can read nothing written from now on, and is told so. What they have received stays with them.',
  removeUnder: 'The same goes for the private channels of this space that they are in.',
  removeInvitations:
    'Invitations that they made, and all that more than one person may use, stop working. Unused ones for one person go on: withdraw any that they may know.',
  removeFromChannel: '{{name}} can read nothing more written in this channel, and is told so. In the space they stay.',
  removeAwaited: '{{name}} has received nothing of this channel yet, and will not.',
  removeButton: 'Remove',

  verifyTitle: 'Verify {{name}}',
  verifyLead:
    'Compare this number with the one that {{name}} sees: side by side, or read aloud in a call. The same number means that nobody stands between you.',
  verifyNumber: 'Safety number',
  verifySame: 'It is the same',
  verifyUndo: 'Not verified any more',
  verifyDone: 'You compared it on this device.',
  verifyLoading: 'Computing the number',
} as const

export const repairingEn = {
  repair: 'Repair…',
  title: 'Repair {{space}} on this device?',
  what: 'For when a space does not go on here although others are connected. This device asks a member to let it in again, with fresh keys. Nothing that is here is lost.',
  until: 'Until one of them answers, you can read and not write.',
  button: 'Repair',
}

/** Private channels and direct messages. */
export const privateEn = {
  direct: 'Direct messages',
  newMessage: 'New message',
  newMessageTo: 'Who is it for?',
  newMessageHint: 'Only the two of you can read it. Arrow keys to choose, Enter to begin.',
  nobodyCalled: 'Nobody in this space is called that.',
  kind: 'Private channel',
  what: 'Only those you choose can see it. Nobody else learns that it is there.',
  open: 'Everybody in the space can see it.',
  who: 'Who is in it, besides you',
  nobodyElse: 'Nobody else is in this space yet.',
  add: 'Add people',
  addTitle: 'Add people to {{channel}}',
  addWhat:
    'They can read what is written from now on, and of what was said before what “History for newcomers” says. Whoever is away comes in when they are back.',
  addWho: 'From this space',
  addButton: 'Add',
  addNobody: 'Everybody in this space is in it.',
  leave: 'Leave…',
  leaveTitle: 'Leave {{channel}}?',
  leaveWhat:
    'It disappears here at once. The others are told as soon as one of them is connected, at once if one is; then its messages and keys are deleted from this device.',
  removed:
    'You were removed from this channel. This device was told on {{time}}. What was said before can be read here; nothing more comes or goes.',
  removedBy:
    '{{name}} removed you from this channel. This device was told on {{time}}. What was said before can be read here; nothing more comes or goes.',
  startPrivate: 'Only the {{count}} of you in this channel can read it.',
  startAlone: 'Only you are in it so far.',
  startDirect: 'Only {{name}} and you can read this.',
  awaited: 'Joins when they are connected next',
  alone:
    '{{name}} is not in this conversation any more. What was said stays here. As long as they are in the space, “Message” beside their name begins another.',
  over: 'This conversation ended for you. This device was told on {{time}}. What was said stays here. As long as {{name}} is in the space, “Message” beside their name in the list of members begins another.',
  astray:
    'This device has to be let in here again. As soon as one of the others is connected that happens by itself, and you can write then. What is here stays.',
  /** Of a direct message that one of the two has left, or was taken out of. */
  ended: 'ended',
  startDirectTitle: 'This is the start of your conversation with {{name}}',
} as const

export const leavingEn = {
  menu: 'Space menu',
  rename: 'Rename…',
  renameTitle: 'Rename the space',
  renameButton: 'Rename',
  leave: 'Leave…',
  leaveTitle: 'Leave {{space}}?',
  leaveWhat:
    'It disappears here at once. The others are told as soon as one of them is connected, at once if one is; then its messages and keys are deleted from this device.',
  leaveUnder: 'You leave its private channels and direct messages with it.',
  leaveLater: 'If nobody is met for 30 days, they are deleted all the same. The others keep what they have.',
  leaveAlone: 'Nobody else is in it. Its messages are deleted from this device, and nobody can bring them back.',
  leaveButton: 'Leave',
  lastOwner:
    'You are the last owner of this space. Before you leave, make somebody else owner: choose “Change role…” beside their name in the list of members.',
  left: 'You left {{space}}. As soon as a member is connected they are told.',
  leftTelling: 'You left {{space}}. A member is connected and is being told.',
  dismiss: 'Dismiss',
  removed:
    'You were removed from this space. This device was told on {{time}}. What was said before can be read here; nothing more comes or goes. If you are invited again, you go on from here.',
  removedBy:
    '{{name}} removed you from this space. This device was told on {{time}}. What was said before can be read here; nothing more comes or goes. If you are invited again, you go on from here.',
  forget: 'Delete from this device…',
  forgetTitle: 'Delete {{space}} from this device?',
  forgetWhat: 'All its messages here are deleted and do not come back. Backup files made earlier still hold them.',
  forgetButton: 'Delete',
} as const

/** What newcomers are given of what was said before they came. */
export const sharingEn = {
  menu: 'History for newcomers…',
  title: 'History for newcomers',
  legend: 'Whoever joins from now on is given',
  loading: 'Reading what is set',
  none: 'Nothing of what was said before',
  last: 'The last messages of each channel',
  all: 'Everything',
  count: 'Messages of each channel',
  lastOfOne: 'The last messages',
  countOfOne: 'Messages',
  countWrong: 'A whole number from 1 to {{most}}.',
  noneWhat: 'Whoever joins reads what is written from then on.',
  lastWhat:
    'Whoever joins can read so many messages of each channel that were written before they came, with the names of their authors. A member who is connected gives them; it cannot be taken back from who has them.',
  lastOfOneWhat:
    'Whoever joins can read so many messages that were written before they came, with the names of their authors. A member who is connected gives them; it cannot be taken back from who has them.',
  allWhat:
    'Whoever joins can read all that was ever written here and is still there, up to 10,000 messages, with the names of their authors, also of those who left. A member who is connected gives it; it cannot be taken back from who has it.',
  save: 'Save',
  getting: 'Getting earlier messages from {{name}}…',
  joinedLine: 'You joined. Members shared what is above',
  awayLine: 'You were removed, as this device was told on {{since}}, and came back on {{until}}. What was written meanwhile is not here.',
  sharedBy: 'Shared by {{name}}',
  given: 'Given to you directly',
  givenWhat: '{{name}} wrote it while this space was in two parts, and gave it to you. Members who came since do not have it.',
  sharedByWhat: 'Of before you joined. {{name}} passed it on; nothing proves that {{author}} wrote it.',
} as const
