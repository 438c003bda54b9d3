import { root } from '../setup/paths.mjs'
import { lastWords, parse, run, tool } from './tools.mjs'

/** @typedef {{ name: string, line?: number }} Item */
/** @typedef {{ file: string } & Record<string, Item[] | Item[][] | string>} Issue */

const planted = 'build/checks/planted/nobody-uses-this.ts'

/** What knip calls its findings → what we call them. */
const kinds = {
  files: 'is used by nothing',
  dependencies: 'unused dependency',
  devDependencies: 'unused development dependency',
  unlisted: 'dependency missing from package.json',
  unresolved: 'import that leads nowhere',
  exports: 'unused export',
  types: 'unused exported type',
  duplicates: 'exported twice',
}

/** @param {Issue} issue @returns {string[]} */
const sentences = (issue) =>
  Object.entries(kinds).flatMap(([kind, meaning]) => {
    const items = issue[kind]
    if (!Array.isArray(items)) return []
    return items
      .flat()
      .map(({ name, line }) => (kind === 'files' ? `${issue.file} ${meaning}` : `${issue.file}:${line ?? 1} ${meaning}: ${name}`))
  })

/** @type {import('./outcome.mjs').Check} */
export const deadCode = {
  name: 'dead code',
  minimum: 50,
  cacheable: true,
  run: async ({ node, sources }) => {
    const done = await run(node, [tool('knip', 'bin', 'knip.js'), '--reporter', 'json', '--no-progress'], { cwd: root })
    const report = /** @type {{ issues: Issue[] } | undefined} */ (parse(done.stdout))
    if (!report) return { read: 0, problems: [lastWords(done)] }
    const all = report.issues.flatMap(sentences)
    const problems = all.filter((sentence) => !sentence.startsWith(planted))
    if (problems.length === all.length) problems.push(`${planted} was not reported: dead code is not being looked for`)
    // knip counts nothing; that it found the planted file shows that it read the project.
    return { read: sources.filter((file) => /\.(?:tsx?|mjs)$/.test(file)).length, problems }
  },
}
