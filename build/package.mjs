import { join } from 'node:path'
import { contentsReport, megabytes, sumOf } from './package/contents.mjs'
import { readCommit } from './package/commit.mjs'
import { makePackages } from './package/make.mjs'
import { readManifest } from './package/manifest.mjs'
import { makersHere, planPackages } from './package/plan.mjs'
import { makersFile, readUpdateSource } from './package/update-source.mjs'
import { wishesFrom } from './package/wishes.mjs'
import { dist } from './setup/paths.mjs'
import { runScript, step } from './setup/progress.mjs'
import { providePackagingRuntime } from './setup/provide.mjs'
import { onPath } from './setup/system-packages.mjs'

await runScript(async () => {
  const started = performance.now()
  const wishes = wishesFrom(process.argv.slice(2))
  const { node, electron: runtime, sqliteBinding } = await providePackagingRuntime()
  const { version, homepage, devDependencies } = await readManifest()
  const updates = await readUpdateSource(makersFile)
  const plan = planPackages({
    wishes,
    runtime,
    pinned: { version, homepage, electron: devDependencies.electron, updates },
    platform: process.platform,
    makers: makersHere(onPath),
  })
  for (const sentence of plan.because) step(sentence)
  step(`making ${plan.targets.join(', ')} of SpacePanda ${plan.version} for ${process.platform}-${process.arch}`)
  const commit = await readCommit()
  const made = await makePackages({
    node,
    folder: join(dist, 'packages'),
    plan,
    debuggable: wishes.debuggable,
    updates: wishes.release ? updates : wishes.updates === null ? null : await readUpdateSource(wishes.updates),
    runtime,
    sqliteBinding,
    commit,
  })

  process.stdout.write(`\n${contentsReport(made.files).join('\n')}\n`)
  const { asShipped, sameLanguages } = made.ratios
  process.stdout.write(
    `${megabytes(sumOf(made.files)).padStart(10)}  in all: ${sameLanguages.toFixed(3)} times a bare Electron package with the same languages, `,
  )
  process.stdout.write(`${asShipped.toFixed(3)} times one with all languages\n\n`)
  for (const { file, size, sha256 } of made.artefacts)
    process.stdout.write(`${join(made.folder, file)}  ${megabytes(size)}  sha256 ${sha256}\n`)
  for (const problem of made.problems) process.stderr.write(`✗ ${problem}\n`)
  step(`${made.problems.length === 0 ? 'done' : 'not as it should be'}, in ${((performance.now() - started) / 1000).toFixed(0)} s`)
  if (plan.kind === 'test') step('a TEST BUILD, marked so in its version and in its window; npm run release:check refuses it')
  return made.problems.length > 0 ? 1 : 0
})
