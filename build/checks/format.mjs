import { join } from 'node:path'
import { localCache, root } from '../setup/paths.mjs'
import { lastWords, run, tool } from './tools.mjs'

const formatted = /\.(?:ts|tsx|mjs|cjs|js|json|css|html|md|yml|yaml)$/

/** @type {import('./outcome.mjs').Check} */
export const format = {
  name: 'format',
  minimum: 50,
  cacheable: false,
  run: async ({ node, sources }) => {
    const files = sources.filter((file) => formatted.test(file) && file !== 'package-lock.json')
    const cache = ['--cache', '--cache-strategy', 'content', '--cache-location', join(localCache, 'prettier')]
    const done = await run(node, [tool('prettier', 'bin', 'prettier.cjs'), '--list-different', ...cache, ...files], { cwd: root })
    if (done.status === 0) return { read: files.length, problems: [] }
    const different = done.stdout.split('\n').filter((line) => line !== '')
    if (different.length === 0) return { read: files.length, problems: [lastWords(done)] }
    return { read: files.length, problems: different.map((file) => `${file} is not formatted: npm run format`) }
  },
}
