export const NO_SANDBOX_WORDS =
  'This system allows no user namespaces, which Chromium’s sandbox needs where no package installed its helper. ' +
  'SpacePanda does not show what others wrote without it: install the deb or rpm, or allow user namespaces.'

/**
 * What starts an AppImage switches Chromium's sandbox off by itself where it could not work (electron-builder's AppRun), by
 * an argument before those that were given. It is taken off here: a command needs no sandbox, and a window does not open without.
 */
export function withoutAppImageSwitch(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): { argv: readonly string[]; unprotected: boolean } {
  const unprotected = env['APPIMAGE'] !== undefined && argv[1] === '--no-sandbox'
  return { argv: unprotected ? argv.toSpliced(1, 1) : argv, unprotected }
}
