import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestOf, filesBelow } from '../bundle/sources.mjs'
import { localCache } from '../setup/paths.mjs'
import { provideTools } from '../setup/provide.mjs'
import { deadCode } from './dead-code.mjs'
import { format } from './format.mjs'
import { imports } from './imports.mjs'
import { lint } from './lint.mjs'
import { judge } from './outcome.mjs'
import { lockFile } from './lock-file.mjs'
import { rules } from './rules.mjs'
import { marks, names, sizes } from './text.mjs'
import { types } from './types.mjs'

/** @typedef {import('./outcome.mjs').Check} Check */
/** @typedef {import('./outcome.mjs').Context} Context */
/** @typedef {import('./outcome.mjs').Outcome} Outcome */

/** The longest first: they are shared out between two at a time. */
const checks = [lint, types, imports, deadCode, format, sizes, marks, names, rules, lockFile]
const atOnce = 2

/** @param {Check} check */
const cacheFile = (check) => join(localCache, `check-${check.name.replaceAll(' ', '-')}.json`)

/**
 * The outcome of last time, if nothing at all has changed since: a change in one file can make another wrong, so no
 * check of types or imports may look at changed files only.
 * @param {Check} check @param {string} digest
 */
const remembered = async (check, digest) => {
  if (!check.cacheable) return undefined
  const text = await readFile(cacheFile(check), 'utf8').catch(() => '')
  if (text === '') return undefined
  const entry = /** @type {{ digest: string, outcome: Outcome }} */ (JSON.parse(text))
  return entry.digest === digest ? entry.outcome : undefined
}

/** @param {Check} check @param {Context} context @param {string} digest */
const runOne = async (check, context, digest) => {
  const started = performance.now()
  const outcome = (await remembered(check, digest)) ?? (await check.run(context))
  const { ok, problems, line } = judge(check, outcome, performance.now() - started)
  process.stdout.write(`${line}\n${[...problems, ...(outcome.warnings ?? [])].map((text) => `    ${text}\n`).join('')}`)
  if (ok && check.cacheable) await writeFile(cacheFile(check), JSON.stringify({ digest, outcome }))
  return ok
}

/**
 * Runs every check, one line each and its problems below.
 * @returns {Promise<import('../run/tally.mjs').Tally>} each check counting as one
 */
export const runChecks = async () => {
  const node = await provideTools()
  await mkdir(localCache, { recursive: true })
  const sources = await filesBelow(['.'])
  const digest = await digestOf(sources)
  const context = { node, sources }
  const queue = [...checks]
  /** @type {string[]} */
  const failures = []
  const worker = async () => {
    for (let check = queue.shift(); check; check = queue.shift())
      if (!(await runOne(check, context, digest))) failures.push(`check: ${check.name}`)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return { passed: checks.length - failures.length, skipped: 0, failures }
}
