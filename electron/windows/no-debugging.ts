import type { CommandLine } from 'electron'

/** Switches by which somebody else on this computer could look into the window or steer it. `--inspect` is off by a fuse. */
const SWITCHES = ['remote-debugging-port', 'remote-debugging-pipe', 'remote-debugging-address', 'remote-allow-origins']

/** Takes them off the command line; before the application is ready, when Chromium reads them. */
export function forbidDebugging(commandLine: Pick<CommandLine, 'removeSwitch'>): void {
  for (const name of SWITCHES) commandLine.removeSwitch(name)
}
