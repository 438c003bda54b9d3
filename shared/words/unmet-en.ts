import type { UnmetKind } from '../domain/unmet.ts'

/** What did not come of something that was asked. `{{name}}`: whom or what it was about. */
export const unmetSaysEn = {
  'create-channel': 'the channel “{{name}}” was not made.',
  invite: 'an invitation was not made, and its link lets nobody in.',
  revoke: 'an invitation was not withdrawn, and its link still works.',
  admit: 'somebody who used an invitation was not let in.',
  readmit: 'a device that came back was not given fresh keys.',
  remove: '{{name}} was not removed.',
  add: '{{name}} was not added.',
  part: '{{name}} was not taken out.',
  'see-off': '{{name}} wanted to leave and is still in.',
  'set-role': 'the role of {{name}} was not changed.',
  rename: 'it was not renamed to “{{name}}”.',
  'rename-channel': 'a channel was not renamed to “{{name}}”.',
  'set-history': 'what newcomers are given was not changed.',
  leave: 'you did not leave.',
} as const satisfies Record<UnmetKind, string>

/** In place of the name of somebody whom nobody here knows by name. */
export const unmetSomebodyEn = 'somebody'

export const unmetPlacesEn = {
  space: 'In {{space}}: {{says}} {{why}}',
  channel: 'In “{{channel}}” of {{space}}: {{says}} {{why}}',
} as const
