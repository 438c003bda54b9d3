import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runKillLoop } from './kill-loop.ts'

const NIGHTS_WORK = 40
const LOOPS = 50

test.each(Array.from({ length: NIGHTS_WORK }, (_, i) => i + 1))(
  'fifty deaths with seed %i lose nothing',
  async (seed) => {
    const root = mkdtempSync(join(tmpdir(), 'spacepanda-crash-'))
    onTestFinished(() => rmSync(root, { recursive: true, force: true }))
    const report = await runKillLoop({ root, loops: LOOPS, seed, commitEvery: 3 + (seed % 4), joinEvery: 7 + (seed % 9) })
    expect(report.problems).toEqual([])
  },
  900_000,
)
