import { relative } from 'node:path'
import { root } from '../setup/paths.mjs'
import { lastWords, parse, run, tool } from './tools.mjs'

/** @typedef {{ line: number, message: string, ruleId: string | null, severity: number }} Message */
/** @typedef {{ filePath: string, messages: Message[] }} Result */

const planted = 'build/checks/planted/forgets-a-promise.ts'
const plantedRule = '@typescript-eslint/no-floating-promises'

/** @type {import('./outcome.mjs').Check} */
export const lint = {
  name: 'lint',
  minimum: 50,
  cacheable: true,
  run: async ({ node }) => {
    const done = await run(node, [tool('eslint', 'bin', 'eslint.js'), '--format', 'json', '.'], { cwd: root })
    const results = /** @type {Result[] | undefined} */ (parse(done.stdout))
    if (!results) return { read: 0, problems: [lastWords(done)] }
    const byFile = results.map(({ filePath, messages }) => ({ file: relative(root, filePath).replaceAll('\\', '/'), messages }))
    const problems = byFile
      .filter(({ file }) => file !== planted)
      .flatMap(({ file, messages }) =>
        messages.map(({ line, message, ruleId }) => `${file}:${line} ${message.split('\n')[0] ?? ''} (${ruleId ?? 'syntax'})`),
      )
    const canary = byFile.find(({ file }) => file === planted)
    if (!canary?.messages.some(({ ruleId }) => ruleId === plantedRule))
      problems.push(`${planted} was not reported: types are not being used`)
    return { read: results.length, problems }
  },
}
