import { join } from 'node:path'
import { localCache, root } from '../setup/paths.mjs'
import { lastWords, run, tool } from './tools.mjs'

const formatted = /\.(?:ts|tsx|mjs|cjs|js|json|css|html|md|yml|yaml)$/

/** Windows takes 32,000 characters of command line. */
const chunk = 300

/** @type {import('./outcome.mjs').Check} */
export const format = {
  name: 'format',
  minimum: 50,
  cacheable: false,
  run: async ({ node, sources }) => {
    const files = sources.filter((file) => formatted.test(file) && file !== 'package-lock.json')
    const cache = ['--cache', '--cache-strategy', 'content', '--cache-location']
    const problems = []
    for (let start = 0; start < files.length; start += chunk) {
      const some = files.slice(start, start + chunk)
      const done = await run(
        node,
        [tool('prettier', 'bin', 'prettier.cjs'), '--list-different', ...cache, join(localCache, `prettier-${start}`), ...some],
        { cwd: root },
      )
      const different = done.stdout.split('\n').filter((line) => line !== '')
      problems.push(...different.map((file) => `${file} is not formatted: npm run format`))
      if (done.status !== 0 && different.length === 0) problems.push(lastWords(done))
    }
    return { read: files.length, problems }
  },
}
