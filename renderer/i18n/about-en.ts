/** What this program is. */
export const aboutEn = {
  version: 'Version',
  commit: 'Built from commit',
  commitNone: 'Sources under development',
  runtime: 'Runs in',
  runtimeWords: 'Electron {{electron}}, Chromium {{chromium}}, Node {{node}}',
  copy: 'Copy these facts',
  facts: 'SpacePanda {{version}}, commit {{commit}}, Electron {{electron}}, Chromium {{chromium}}, Node {{node}}, {{kind}} build',
  test: 'This is a test build. The runtime in it may be outdated and unsafe: try it out, and keep nothing real in it.',
  development: 'This is a development build, started from its sources.',
  careful: 'What it stands on',
  unaudited: 'The encryption library in use, ts-mls, has not been audited by an independent party.',
  licences: 'Licences',
  licencesWhat: 'SpacePanda contains software that others wrote and gave to everybody. These are their terms.',
  licencesNone: 'Only packages carry the list of licences.',
  failed: 'What this program is could not be read.',
}
