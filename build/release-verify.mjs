import { signingTool } from './release/signing-tool.mjs'
import { runScript } from './setup/progress.mjs'

/** Whether an announcement is one that the program would believe, and packages are those that it announces (docs/install.md). */
await runScript(() => signingTool(['verify', ...process.argv.slice(2)]))
