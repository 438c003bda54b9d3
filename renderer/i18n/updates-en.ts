import type { UpdateFailure, UpdateObstacle } from '../../shared/ipc/updates.ts'

const failures = {
  unreachable: 'The update server could not be reached. Look at the connection of this computer, and try again.',
  unreadable: 'What came from the update server is no announcement of SpacePanda. A network that wants a login first does that.',
  untrusted:
    'What came from the update server is not signed by two of the makers, so nothing of it was used. If that lasts, somebody may be trying to give you another program.',
  stale:
    'The newest announcement is more than 30 days old. Either nobody renewed it, or somebody keeps newer ones from you. Check the clock of this computer, too.',
  'from-the-future': 'The announcement is dated ahead of this computer’s clock. Set the clock right, and check again.',
  replayed: 'The update server offered an announcement older than one seen before. Nothing of it was used.',
  'older-version': 'The update server offers a version older than this one. SpacePanda never goes back by itself.',
  'not-for-this-system': 'The new version has no package for this system yet.',
  'cut-off': 'The download broke off. Nothing was installed; try again.',
  'wrong-package': 'The package is not the one that the makers signed, so it was not installed. Try again later.',
  disk: 'The disk did not take it. Check that there is room, then try again.',
  'not-permitted': 'Installing was not allowed. It needs the password of somebody who administers this computer.',
  'no-installer': 'This computer has no way to ask for permission to install (pkexec). Install the package by hand.',
  'install-failed': 'The system did not install the package. This version goes on; try again, or install it by hand.',
} as const satisfies Record<UpdateFailure, string>

const obstacles = {
  development: 'Started from its sources, SpacePanda does not update itself.',
  'no-source': 'This package was made without updates. Get new versions from where you got this one.',
  unpacked:
    'This SpacePanda was not installed, only unpacked, so it does not replace itself. Get new versions from where you got this one.',
  'package-manager':
    'Installed in this way, SpacePanda does not update itself. Install the next package over it, or have the updates of your system bring it.',
  'by-hand': 'On this system new versions are installed by hand for now: download the package, and open it.',
} as const satisfies Record<UpdateObstacle, string>

/** Newer versions of this program. */
export const updatesEn = {
  title: 'Updates',
  what: 'A new version is used only if two of the three makers of SpacePanda signed it. Whoever runs the update server cannot change it.',
  quiet: 'Nothing was looked for since the start.',
  checking: 'Looking for a new version …',
  current: 'This is the newest version.',
  checked: 'Last heard from the makers {{when}}.',
  check: 'Check for updates',
  offered: 'Version {{version}} is there.',
  later: 'Version {{version}} is there. You wanted to do it later.',
  downloading: 'Downloading version {{version}} …',
  ready: 'Version {{version}} is downloaded and verified. Installing it takes a moment, and SpacePanda starts again.',
  readySoon: 'Version {{version}} is downloaded and verified. SpacePanda restarts in a few seconds.',
  readyLater: 'Version {{version}} is ready whenever you are.',
  installing: 'Installing version {{version}}. Your system may ask for a password …',
  signed: 'Signed by {{names}}, {{when}}',
  notes: 'What changed',
  update: 'Update now ({{size}})',
  download: 'Only download',
  retry: 'Try again',
  install: 'Restart to update',
  installNow: 'Restart now',
  notYet: 'Not yet',
  notNow: 'Later',
  cancel: 'Cancel',
  automatic: 'Look for new versions by itself',
  automaticWhat:
    'A few times a day. The update server learns the address of this computer, and with a download for which system it is; nothing else about you. Nothing is downloaded or installed until you say so.',
  notice: {
    label: 'New version',
    offered: 'SpacePanda {{version}} is there.',
    ready: 'SpacePanda {{version}} is ready.',
    readySoon: 'SpacePanda {{version}} is ready, and restarts in a few seconds.',
    failed: 'SpacePanda {{version}} is not installed. {{why}}',
    whatsNew: 'What’s new',
    show: 'Show',
  },
  failure: failures,
  obstacle: obstacles,
}
