import { signingTool } from './release/signing-tool.mjs'
import { runScript } from './setup/progress.mjs'

/** Announces a release and signs it, offline (docs/releasing.md). */
await runScript(() => signingTool(process.argv.slice(2)))
