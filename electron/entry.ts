/**
 * What a package starts: the command line where the arguments are one, else the window.
 *
 * Awaited at the top level: until this module is through, Electron has not touched the display, so a command needs none,
 * and no process for pages or graphics is there. ELECTRON_RUN_AS_NODE, which would do the same, is off by a fuse.
 */
import { join } from 'node:path'
import { app } from 'electron'
import { buildInfo } from './kernel/build-info.ts'
import { commandWords } from './windows/command-words.ts'
import { NO_SANDBOX_WORDS, withoutAppImageSwitch } from './windows/app-image.ts'
import { forbidDebugging } from './windows/no-debugging.ts'

// A test package on an older runtime brings the database for it along (build/package/stage.mjs).
if (buildInfo.kind === 'test') process.env['SPACEPANDA_SQLITE_BINDING'] = join(app.getAppPath(), 'native', 'better_sqlite3.node')
if (!buildInfo.debuggable) forbidDebugging(app.commandLine)

const { argv, unprotected } = withoutAppImageSwitch(process.argv, process.env)
const words = commandWords(argv)
if (words === null && unprotected) {
  process.stderr.write(`${NO_SANDBOX_WORDS}\n`)
  app.exit(1)
} else if (words === null) await import('./main.ts')
else {
  const { runCli } = await import('./cli/run-cli.ts')
  const status = await runCli(words, process)
  // As in cli/main.ts: what libraries leave behind must not keep the process, and what was printed must be out.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
  process.exit(status)
}
