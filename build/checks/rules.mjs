import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { root } from '../setup/paths.mjs'

const spec = 'electron/sync/SPEC.md'
/** Rules whose tests carry their number in place of being named by them. */
const numbered = /^[CU]/

/**
 * Each rule and what is said of it.
 * @param {string} text
 */
const rulesOf = (text) =>
  text.split(/^(?=- \*\*[A-Z]\d+\*\*|## )/m).flatMap((body) => {
    const rule = /^- \*\*([A-Z]\d+)\*\*/.exec(body)?.[1]
    return rule === undefined ? [] : [{ rule, body }]
  })

/** @param {string} name which may have stars in it */
const matching = (name) => new RegExp(`^${name.replaceAll(/[.]/g, String.raw`\.`).replaceAll('*', '[^/]*')}$`)

/**
 * Tests are named from the folder of the rules, from `electron`, or from where the one named before lies.
 * @param {string} text of the rules
 * @param {readonly string[]} sources
 * @param {string} titles of the tests, one a line
 */
export const judgeRules = (text, sources, titles) =>
  rulesOf(text).flatMap(({ rule, body }) => {
    let before = ''
    const named = body.match(/[\w./*-]+\.test\.ts/g) ?? []
    const missing = named.filter((name) => {
      const file = ['electron/sync', 'electron', before]
        .map((folder) => matching(posix.join(folder, name)))
        .flatMap((pattern) => sources.find((source) => pattern.test(source)) ?? [])[0]
      before = posix.dirname(file ?? before)
      return file === undefined
    })
    const isCarried = numbered.test(rule) && new RegExp(String.raw`\b${rule}\b`).test(titles)
    const problems = missing.map((name) => `${spec}: ${rule} names ${name}, which is no file`)
    return named.length === 0 && !isCarried
      ? [...problems, `${spec}: ${rule} names no test: name one that shows it, or write it`]
      : problems
  })

/** @type {import('./outcome.mjs').Check} */
export const rules = {
  name: 'rules name tests',
  minimum: 50,
  cacheable: false,
  run: async ({ sources }) => {
    const tests = sources.filter((file) => /^electron\/.*\.test\.ts$/.test(file))
    const text = await readFile(join(root, spec), 'utf8')
    const read = await Promise.all(tests.map((file) => readFile(join(root, file), 'utf8')))
    const titles = read.flatMap((source) => source.match(/^\s*(?:it|test|describe)(?:\.\w+)*\(['"`].*/gm) ?? []).join('\n')
    return { read: rulesOf(text).length, problems: judgeRules(text, sources, titles) }
  },
}
