import { readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { root } from '../setup/paths.mjs'
import { lastWords, parse, run, tool } from './tools.mjs'

const projects = ['shared', 'electron', 'renderer', 'build', 'e2e', 'bench']

/** Files the compiler recorded as its input. @param {string} project @returns {Promise<string[]>} relative to the checkout */
const readBy = async (project) => {
  const file = join(root, 'node_modules', '.cache', 'tsc', project, '.tsbuildinfo')
  const text = await readFile(file, 'utf8').catch(() => '')
  const info = /** @type {{ fileNames?: string[] } | undefined} */ (parse(text))
  return (info?.fileNames ?? []).map((name) => relative(root, resolve(dirname(file), name)).replaceAll('\\', '/'))
}

/** @type {import('./outcome.mjs').Check} */
export const types = {
  name: 'types',
  minimum: 50,
  cacheable: true,
  run: async ({ node, sources }) => {
    const done = await run(node, [tool('typescript', 'bin', 'tsc'), '-b', '--pretty', 'false'], { cwd: root })
    const compiled = new Set((await Promise.all(projects.map(readBy))).flat())
    const inProjects = sources.filter((file) => /\.tsx?$/.test(file) && projects.some((project) => file.startsWith(`${project}/`)))
    const problems = done.stdout.split('\n').filter((line) => / error TS\d+/.test(line) || line.startsWith('error TS'))
    if (done.status !== 0 && problems.length === 0) problems.push(lastWords(done))
    if (done.status === 0)
      problems.push(...inProjects.filter((file) => !compiled.has(file)).map((file) => `${file} is in no TypeScript project`))
    return { read: inProjects.filter((file) => compiled.has(file)).length, problems }
  },
}
