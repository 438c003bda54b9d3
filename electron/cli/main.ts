import { runCli } from './run-cli.ts'

const status = await runCli(process.argv.slice(2), process)
// Everything is stopped and stored; what libraries leave behind (timers, threads) must not keep the process.
process.stdout.write('', () => process.exit(status))
