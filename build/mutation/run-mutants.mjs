import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { lastWords, parse, run, tool } from '../checks/tools.mjs'
import { dist, root } from '../setup/paths.mjs'
import { mutantsOf, withLoopsThatEnd } from './mutants.mjs'

/** @typedef {{ folder: string, files: readonly string[] }} Target a folder, and those of its files that are mutated */
/** @typedef {import('./mutants.mjs').Mutant & { file: string }} PlacedMutant */
/** @typedef {{ name: string, status: string, assertionResults: readonly { status: string }[] }} FileReport */
/** @typedef {{ mutants: readonly PlacedMutant[], survivors: readonly PlacedMutant[], score: number }} Outcome */

/**
 * The first failed test has shown enough: no search for a smaller example, no further test, and no chance in it. What a
 * property has not found soon it seldom finds at all, and it is mutants that differ in nothing who would take the longest.
 */
const setup = `import fc from 'fast-check'
import { afterEach, beforeEach } from 'vitest'
fc.configureGlobal({ endOnFailure: true, seed: 1, interruptAfterTimeLimit: 300 })
const failed = new WeakSet()
beforeEach(({ task, skip }) => skip(failed.has(task.file)))
afterEach(({ task }) => void (task.result?.state === 'fail' && failed.add(task.file)))
`

const config = `import { defineConfig } from 'vitest/config'
export default defineConfig({
  root: import.meta.dirname,
  test: { include: ['*/all-tests.ts'], exclude: [], setupFiles: ['./setup.ts'], pool: 'forks', isolate: false, testTimeout: 60_000 },
})
`

/** What is outside of the folder is used where it is. @param {string} source @param {string} folder @param {string} place */
const withImportsFrom = (source, folder, place) =>
  source.replaceAll(/(?<=\bfrom ')\.[^']+/g, (path) => {
    const target = resolve(root, folder, path)
    return dirname(target) === resolve(root, folder) ? path : relative(place, target).replaceAll('\\', '/')
  })

/** A copy of a folder with its tests. @param {string} folder @param {string} place @param {(file: string, source: string) => string} change */
const copyTo = async (folder, place, change) => {
  await mkdir(place)
  const files = (await readdir(join(root, folder))).filter((file) => file.endsWith('.ts'))
  for (const file of files) {
    const source = await readFile(join(root, folder, file), 'utf8')
    const copy = file.endsWith('.test.ts') ? source : withLoopsThatEnd(change(file, source))
    await writeFile(join(place, file), withImportsFrom(copy, folder, place))
  }
  const tests = files.filter((file) => file.endsWith('.test.ts'))
  // The short ones first, as their names stand: most mutants get no further.
  const inOrder = tests.sort((a, b) => a.length - b.length)
  await writeFile(join(place, 'all-tests.ts'), inOrder.map((file) => `import './${file}'\n`).join(''))
}

/** @param {Target} target @returns {Promise<PlacedMutant[]>} */
const mutantsIn = async ({ folder, files }) => {
  const all = files.map(async (file) => {
    const source = await readFile(join(root, folder, file), 'utf8')
    return mutantsOf(source).map((mutant) => ({ ...mutant, file }))
  })
  return (await Promise.all(all)).flat()
}

/** @param {string} node @param {string} place @returns {Promise<FileReport[]>} */
const testAll = async (node, place) => {
  const report = join(place, 'report.json')
  const args = [
    tool('vitest', 'vitest.mjs'),
    'run',
    '--config',
    join(place, 'vitest.config.mjs'),
    '--reporter=json',
    `--outputFile=${report}`,
  ]
  const done = await run(node, args, { cwd: place })
  const read = /** @type {{ testResults: FileReport[] } | undefined} */ (parse(await readFile(report, 'utf8').catch(() => '')))
  if (!read) throw new Error(`vitest left no report: ${lastWords(done)}`)
  return read.testResults
}

/** @param {FileReport | undefined} report */
const isAlive = (report) =>
  report !== undefined && report.status === 'passed' && report.assertionResults.every(({ status }) => status === 'passed')

/**
 * Whether the tests of a folder notice when one of its files is wrong. Works on copies only.
 * @param {string} node @param {Target} target @param {{ every?: number }} [options] every: of so many mutants only one
 * @returns {Promise<Outcome>}
 */
export const runMutants = async (node, target, { every = 1 } = {}) => {
  const mutants = (await mutantsIn(target)).filter((_, index) => index % every === 0)
  await mkdir(dist, { recursive: true })
  // Below the checkout, so that packages are found.
  const place = await mkdtemp(join(dist, 'mutation-'))
  try {
    await writeFile(join(place, 'setup.ts'), setup)
    await writeFile(join(place, 'vitest.config.mjs'), config)
    await copyTo(target.folder, join(place, 'unchanged'), (_, source) => source)
    for (const [index, mutant] of mutants.entries())
      await copyTo(target.folder, join(place, `m${index}`), (file, source) => (file === mutant.file ? mutant.source : source))
    const reports = new Map((await testAll(node, place)).map((report) => [basename(dirname(report.name)), report]))
    if (!isAlive(reports.get('unchanged'))) throw new Error('the tests fail where nothing is mutated')
    if (reports.size !== mutants.length + 1) throw new Error('some mutants were not tested')
    const survivors = mutants.filter((_, index) => isAlive(reports.get(`m${index}`)))
    return { mutants, survivors, score: 1 - survivors.length / mutants.length }
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}
