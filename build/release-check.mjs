import { join, resolve } from 'node:path'
import { readArtefacts } from './package/artefacts.mjs'
import { readCommit } from './package/commit.mjs'
import { readManifest } from './package/manifest.mjs'
import { reasonsNotToPublish } from './package/publishable.mjs'
import { dist } from './setup/paths.mjs'
import { runScript } from './setup/progress.mjs'

/** Whether what lies in a folder (by default that of `npm run package`) may be published. The release workflow goes no further where it may not. */
await runScript(async () => {
  const folder = resolve(process.argv[2] ?? join(dist, 'packages'))
  const { artefacts, found } = await readArtefacts(folder)
  const { version, devDependencies } = await readManifest()
  const commit = (await readCommit())?.id ?? null
  const reasons = reasonsNotToPublish(artefacts, found, { version, electron: devDependencies.electron, commit })
  for (const reason of reasons) process.stderr.write(`✗ ${reason}\n`)
  process.stdout.write(reasons.length === 0 ? `${artefacts.length} files may be published\n` : 'Nothing of this may be published.\n')
  return reasons.length === 0 ? 0 : 1
})
