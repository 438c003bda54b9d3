import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../setup/paths.mjs'
import { tallyOf } from './tally.mjs'

const passed = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/** @param {string} file @returns {Promise<import('./tally.mjs').VitestReport | undefined>} */
const readReport = async (file) => {
  try {
    return /** @type {import('./tally.mjs').VitestReport} */ (JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return undefined // it did not get that far; its exit status and output say why
  }
}

/**
 * Runs some of the projects of vitest.config.ts, showing what it prints.
 * @param {string} node a Node 24
 * @param {readonly string[]} projects
 * @param {readonly string[]} rest further arguments
 * @param {Readonly<Record<string, string>>} [env]
 */
export const runVitest = async (node, projects, rest, env = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'spacepanda-report-'))
  const reportFile = join(folder, 'report.json')
  const args = [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...rest,
  ]
  /** @type {number} */
  const status = await new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] })
    const pass = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal)
    for (const signal of passed) process.on(signal, pass)
    child.on('error', reject)
    child.on('close', (code) => {
      for (const signal of passed) process.off(signal, pass)
      resolve(code ?? 1)
    })
  })
  const report = await readReport(reportFile)
  await rm(folder, { recursive: true, force: true })
  return tallyOf(report, status)
}
