import { expect, test } from 'vitest'
import { judgeLock } from './lock-file.mjs'
import { judge } from './outcome.mjs'
import { judgeRules } from './rules.mjs'
import { findMarks, isWellNamed, judgeSizes } from './text.mjs'

const check = { name: 'lint', minimum: 10 }

test('a check passes when it found nothing and looked at enough', () => {
  expect(judge(check, { read: 10, problems: [] }, 1234)).toEqual({ ok: true, problems: [], line: '✓ lint: 10 files (1.2 s)' })
})

test('a check that looked at too little has failed, whatever it found', () => {
  const verdict = judge(check, { read: 9, problems: [] }, 0)
  expect(verdict.ok).toBe(false)
  expect(verdict.problems[0]).toContain('the check itself is broken')
  expect(verdict.line).toBe('✗ lint: 1 problem (0.0 s)')
})

const lines = (count: number): string => 'x\n'.repeat(count)

test('file sizes: silence up to 400 lines, a warning up to 600, then failure', () => {
  const judged = (count: number) => judgeSizes([{ file: 'a.ts', text: lines(count) }])
  expect(judged(400)).toEqual({ problems: [], warnings: [] })
  expect(judged(401)).toMatchObject({ problems: [], warnings: [expect.stringContaining('401 lines')] })
  expect(judged(600).problems).toEqual([])
  expect(judged(601)).toMatchObject({ problems: [expect.stringContaining('601 lines')], warnings: [] })
})

// Put together, so that the check does not find them in this file.
const only = ['on', 'ly'].join('')
const skip = ['sk', 'ip'].join('')

test.each([`test.${only}('x'`, `describe.${skip}('x'`, `it.each([1]).x; it.concurrent.${only}('y'`, `test.${['to', 'do'].join('')}('x')`])(
  '%s is found',
  (text) => {
    expect(findMarks({ file: 'a.test.ts', text: `\n${text}` })).toEqual([expect.stringContaining('a.test.ts:2')])
  },
)

test('conditional tests and ordinary words are not mistaken for marks', () => {
  const text = `test.runIf(linux)('read${only}', () => undefined)\nconst ${skip}ped = list.${skip}(2)`
  expect(findMarks({ file: 'a.test.ts', text })).toEqual([])
  expect(findMarks({ file: 'a.ts', text: `it.${only}` })).toEqual([])
})

test('muted checks are found in any file', () => {
  expect(findMarks({ file: 'a.ts', text: `// ${['@ts', 'ignore'].join('-')}` })).toHaveLength(1)
  expect(findMarks({ file: 'a.tsx', text: `/* ${['eslint', 'disable'].join('-')} no-console */` })).toHaveLength(1)
})

test('file names are kebab-case', () => {
  for (const good of ['a/main.ts', 'x/group-engine.test.ts', 'knip.config.js', '.dependency-cruiser.mjs', 'css.d.ts'])
    expect(isWellNamed(good)).toBe(true)
  for (const bad of ['a/MessageList.tsx', 'groupEngine.ts', 'group_engine.ts']) expect(isWellNamed(bad)).toBe(false)
})

test('a lock file names no host and lacks no platform', () => {
  expect(
    judgeLock({ packages: { 'node_modules/a': { optionalDependencies: { '@a/linux': '1.0.0' } }, 'node_modules/@a/linux': {} } }),
  ).toEqual([])
  expect(judgeLock({ packages: { 'node_modules/a': { optionalDependencies: { '@a/mac': '1.0.0' } } } })).toEqual([
    expect.stringContaining('lacks @a/mac'),
  ])
  expect(judgeLock({ packages: { 'node_modules/a': { resolved: 'https://example.invalid/a.tgz' } } })).toEqual([
    expect.stringContaining('node_modules/a'),
  ])
})

test('a rule names a test that is there, or its number is the name of one', () => {
  const sources = ['electron/sync/a/one.test.ts', 'electron/sync/a/two.test.ts', 'electron/node/three.test.ts']
  const judged = (body: string, rule = 'T1') =>
    judgeRules(`## T\n\n- **${rule}** ${body}\n\n## U\n\nsee a/one.test.ts\n`, sources, "it('C1: x'")
  for (const body of ['_`a/one.test.ts`_', '_`a/o*.test.ts`,\n `two.test.ts`_', '_`node/three.test.ts`_']) expect(judged(body)).toEqual([])
  expect(judged('_invariant 5_; `a/one.ts`')).toEqual([expect.stringContaining('T1 names no test')])
  expect(judged('_`a/gone.test.ts`_')).toEqual([expect.stringContaining('a/gone.test.ts, which is no file')])
  expect(judged('x', 'C1')).toEqual([])
  expect(judged('x', 'C10')).toHaveLength(1)
  expect(judged('x', 'U1')).toHaveLength(1)
})
