/** What the installed command `spacepanda` (build/package/linux/launcher.sh) starts the program with. Only counts as the first argument. */
const MARK = '--command-line'
/** The command line's own switches that may come before the name of a command (electron/cli/run-cli.ts). */
const OURS = ['--json', '--data-dir', '--passphrase-file', '--version', '-V', '--help', '-h']

/**
 * The words of a command line among the arguments of a package's process, or null when a window is asked for: no arguments,
 * a link, or a switch that is Chromium's, the system's or the updater's.
 *
 * The first argument decides alone. Systems hand a link over as one argument, and some have been talked into making
 * several of it: whatever follows a link is never taken for a command.
 */
export function commandWords(argv: readonly string[]): readonly string[] | null {
  const [first, ...rest] = argv.slice(1)
  if (first === undefined || /^spacepanda:/i.test(first)) return null
  if (first === MARK) return rest.slice(rest.indexOf('--') + 1)
  const isOurs = OURS.some((name) => first === name || first.startsWith(`${name}=`))
  return isOurs || !first.startsWith('-') ? [first, ...rest] : null
}
