import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runKillLoop } from './kill-loop.ts'

test('fifty deaths at random writes lose nothing that was accepted, show nothing twice, and leave everybody in one epoch', async () => {
  const root = mkdtempSync(join(tmpdir(), 'spacepanda-crash-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const report = await runKillLoop({ root, loops: 50, seed: 20_261_123, commitEvery: 5, joinEvery: 11 })
  expect(report.problems).toEqual([])
  expect(report.accepted).toBeGreaterThan(50)
  expect(report.deaths.atWrite).toBeGreaterThan(10)
  expect(report.deaths.byClock).toBeGreaterThan(5)
}, 900_000)
