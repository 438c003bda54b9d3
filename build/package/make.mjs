import { spawn } from 'node:child_process'
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endWithParent } from '../run/parent.mjs'
import { root } from '../setup/paths.mjs'
import { SetupError, step } from '../setup/progress.mjs'
import { describeArtefact, listName } from './artefacts.mjs'
import { languages } from './builder-config.mjs'
import { judgeCompleteness, judgeContents, judgeFuses, largestRatio, sizeRatios } from './contents.mjs'
import { packedFiles } from './files.mjs'
import { runtimeInside } from './runtime-inside.mjs'
import { stagePackage } from './stage.mjs'

/** @typedef {import('./run-builder.mjs').Built} Built */
/** @typedef {import('./run-builder.mjs').Orders} Orders */
/** @typedef {import('./contents.mjs').PackedFile} PackedFile */
/** @typedef {import('./commit.mjs').Commit} Commit */
/**
 * What came of it. Problems are reasons not to use it, as sentences.
 * @typedef {object} Made
 * @property {string} folder
 * @property {import('./publishable.mjs').Artefact[]} artefacts
 * @property {PackedFile[]} files
 * @property {{ asShipped: number, sameLanguages: number }} ratios to a bare Electron package
 * @property {string[]} problems
 */

const adapter = fileURLToPath(new URL('fpm-adapter.mjs', import.meta.url))
const runner = fileURLToPath(new URL('run-builder.mjs', import.meta.url))

/** What electron-builder says and nobody needs to read when all goes well. */
const quietLines = /^\s*(?:•|$)/

/** @param {string} node @param {Orders} orders @param {NodeJS.ProcessEnv} env @returns {Promise<Built>} */
const callBuilder = (node, orders, env) =>
  new Promise((resolve, reject) => {
    const child = spawn(node, [runner], { cwd: root, env, stdio: ['pipe', 'pipe', 'pipe'] })
    endWithParent(child)
    let output = ''
    let complaints = ''
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      output += text
      for (const [, target] of text.matchAll(/building\s+target=(\S+)/g)) step(`packing ${target ?? ''}`)
    })
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (complaints += text))
    child.on('error', reject)
    child.on('close', (status) => {
      const lines = output.trimEnd().split('\n')
      if (status === 0) return resolve(/** @type {Built} */ (JSON.parse(lines.at(-1) ?? '')))
      const said = [...lines, ...complaints.trimEnd().split('\n')].filter((line) => !quietLines.test(line)).slice(-20)
      reject(new SetupError(`electron-builder failed:\n${said.join('\n')}`))
    })
    child.stdin.end(JSON.stringify(orders))
  })

/** A bare package is the runtime without its stock application. @param {string} electron */
const bareFiles = async (electron) => (await packedFiles(electron)).filter(({ path }) => !/default_app\.asar$|(?:^|\/)version$/.test(path))

/**
 * @param {object} wish
 * @param {string} wish.node a Node 24
 * @param {string} wish.folder for the packages; what was there before goes
 * @param {import('./plan.mjs').Plan} wish.plan
 * @param {boolean} wish.debuggable
 * @param {import('./update-source.mjs').UpdateSource | null} wish.updates
 * @param {import('../setup/electron.mjs').Runtime} wish.runtime
 * @param {string | undefined} wish.sqliteBinding
 * @param {Commit | null} wish.commit
 * @returns {Promise<Made>}
 */
export const makePackages = async ({ node, folder, plan, debuggable, updates, runtime, sqliteBinding, commit }) => {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const work = join(folder, 'work')
  step('bundling the program')
  const info = { version: plan.version, commit: commit?.id ?? null, kind: plan.kind, debuggable, updates }
  const stage = await stagePackage({
    folder: join(work, 'stage'),
    info,
    runtime,
    sqliteBinding,
    time: commit?.time ?? new Date(0).toISOString(),
  })
  step(`packaging with Electron ${runtime.version}`)
  const orders = {
    stage,
    projectDir: work,
    electronVersion: runtime.version,
    output: join(work, 'out'),
    targets: plan.targets,
    release: plan.kind === 'release',
  }
  await writeFile(join(work, 'package.json'), '{ "private": true }\n')
  const built = await callBuilder(node, orders, {
    ...process.env,
    // Same content, same bytes, whenever it is built.
    SOURCE_DATE_EPOCH: commit?.seconds ?? '0',
    // So what is released is made as what is tested.
    CUSTOM_FPM_PATH: adapter,
  })
  const { platform, arch } = process
  const facts = {
    version: plan.version,
    kind: plan.kind,
    debuggable,
    commit: commit?.id ?? null,
    clean: commit?.clean ?? false,
    runtime: { kind: runtime.kind, version: runtime.version },
    runtimeInside: await runtimeInside(built.unpacked),
  }
  const sbom = join(folder, `spacepanda-${plan.version}-${platform}-${arch}.cdx.json`)
  await copyFile(join(stage.extra, 'sbom.cdx.json'), sbom)
  const artefacts = [await describeArtefact(sbom, facts)]
  for (const file of built.artefacts.filter((name) => !name.endsWith('.blockmap'))) {
    const place = join(folder, file.split(/[\\/]/).at(-1) ?? '')
    await copyFile(file, place)
    artefacts.push(await describeArtefact(place, facts))
  }
  await writeFile(join(folder, listName), `${JSON.stringify(artefacts, null, 2)}\n`)
  const ratios = sizeRatios(built.files, await bareFiles(stage.electron))
  const problems = [
    ...judgeContents(built.files, { platform, arch, packages: stage.packages, languages }),
    ...judgeCompleteness(built.files, stage.natives),
    ...judgeFuses(built.fuses),
    ...(ratios.sameLanguages > largestRatio
      ? [`it is ${ratios.sameLanguages.toFixed(3)} times as large as a bare Electron package; ${largestRatio} is the limit`]
      : []),
    ...(facts.runtimeInside === runtime.version ? [] : [`Electron ${facts.runtimeInside} is inside, and it should be ${runtime.version}`]),
  ]
  return { folder, artefacts, files: built.files, ratios, problems }
}
