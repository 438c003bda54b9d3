import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { mutantsOf, withLoopsThatEnd } from './mutants.mjs'
import { runMutants } from './run-mutants.mjs'
import { leastScore, targets } from './targets.mjs'

const changesOf = (source: string): string[] => mutantsOf(source).map(({ from, to }) => `${from} → ${to}`)

test.each([
  ['a < b', ['a < b → a <= b', 'a < b → a >= b']],
  ['a === b && !c', ['a === b && !c → a === b || !c', 'a === b → a !== b', '!c → c']],
  ['a ? 1 : b', ['a ? 1 : b → (1)', 'a ? 1 : b → (b)', '1 → 2']],
  ['y.filter(f).some(g)', ['y.filter(f).some(g) → y.filter(f).every(g)', 'y.filter(f) → y']],
  ["[...a, '']", ["[...a, ''] → ['']", "[...a, ''] → [...a]", "'' → 'mutated'"]],
])('%s is made wrong in every place', (expression, expected) => {
  expect(changesOf(`const x = ${expression}`)).toEqual(expected)
})

test('statements are left out, and conditions always hold or never', () => {
  expect(changesOf('if (a) b()')).toEqual(['if (a) b() → if (false) b()', 'if (a) b() → if (true) b()', 'b() → ;'])
})

test('a mutant is the whole file with one change, and knows its line', () => {
  expect(mutantsOf('const a = 1\nconst b = true')).toEqual([
    { line: 1, from: '1', to: '2', source: 'const a = 2\nconst b = true' },
    { line: 2, from: 'true', to: 'false', source: 'const a = 1\nconst b = false' },
  ])
})

test('types, imports and interfaces are no place for mutants', () => {
  expect(changesOf("import a from 'a'\ninterface B { c: 1 }\ntype D = 'e' | true\nlet f: 'g'")).toEqual([])
})

test('a loop that would go on for ever throws, and one inside another does as it did', () => {
  expect(() => void runInNewContext(withLoopsThatEnd('for (;;) while (true) ;'))).toThrow('endless')
  const nested = 'let n = 0\nfor (const i of [1, 2]) { for (let j = 0; j < i; j++) n += i\n if (i > 5) break }\nn'
  expect(runInNewContext(withLoopsThatEnd(nested))).toBe(5)
})

test('a mutant that no test notices is reported, and the file itself stays as it is', async () => {
  const file = new URL('planted/larger.ts', import.meta.url)
  const before = readFileSync(file, 'utf8')
  const { mutants, survivors } = await runMutants(process.execPath, { folder: 'build/mutation/planted', files: ['larger.ts'] })
  expect(mutants.map(({ to }) => to)).toEqual(['(() => undefined)', 'a >= b', 'a <= b'])
  expect(survivors).toEqual([expect.objectContaining({ file: 'larger.ts', line: 2, from: 'a > b', to: 'a >= b' })])
  expect(readFileSync(file, 'utf8')).toBe(before)
}, 120_000)

test.each(targets)(
  'of the mutants of $folder a sample is noticed; all are looked at nightly',
  async (target) => {
    const { survivors, score } = await runMutants(process.execPath, target, { every: 11 })
    expect(score, JSON.stringify(survivors, ['file', 'line', 'from', 'to'])).toBeGreaterThanOrEqual(leastScore)
  },
  240_000,
)
