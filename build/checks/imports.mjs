import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup/paths.mjs'
import { lastWords, parse, run, tool } from './tools.mjs'
import { plantedFolder, wallRules } from './walls.mjs'

/** @typedef {{ from: string, to: string, rule: { name: string } }} Violation */
/** @typedef {{ summary: { violations: Violation[], totalCruised: number } }} Report */

/** Planted file → the rule that must report it. */
const planted = {
  'electron/network/reaches-into-storage.ts': 'walls-of-network',
  'electron/network/speaks-mls.ts': 'ts-mls-in-the-engine-only',
  'renderer/features/a/peeks-at-b.ts': 'no-feature-imports-another',
  'renderer/features/a/reads-files.ts': 'no-node-here',
}

const folders = ['shared', 'electron', 'renderer', 'build', 'e2e', 'bench']

/** @param {Violation} violation */
const sentence = ({ from, to, rule }) => {
  const instead = wallRules.find(({ name }) => name === rule.name)?.comment ?? ''
  return `${from} imports ${to} (${rule.name}). ${instead}`
}

/** @type {import('./outcome.mjs').Check} */
export const imports = {
  name: 'import walls',
  minimum: 100,
  cacheable: true,
  run: async ({ node }) => {
    const places = folders.filter((folder) => existsSync(join(root, folder)))
    const program = tool('dependency-cruiser', 'bin', 'dependency-cruise.mjs')
    const done = await run(node, [program, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...places], { cwd: root })
    const report = /** @type {Report | undefined} */ (parse(done.stdout))
    if (!report) return { read: 0, problems: [lastWords(done)] }
    const { violations, totalCruised } = report.summary
    const problems = violations.filter(({ from }) => !from.startsWith(plantedFolder)).map(sentence)
    for (const [file, name] of Object.entries(planted)) {
      const reported = violations.some(({ from, rule }) => from === `${plantedFolder}${file}` && rule.name === name)
      if (!reported) problems.push(`${plantedFolder}${file} was not reported by ${name}: the walls are not being checked`)
    }
    return { read: totalCruised, problems }
  },
}
