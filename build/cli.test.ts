import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './setup/paths.mjs'

test('the command line builds itself, keeps standard output to its answer, and hands its exit status on', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cli-test-'))
  const done = spawnSync(process.execPath, [join(root, 'build', 'cli.mjs'), '--data-dir', folder, '--json', 'whoami'], { encoding: 'utf8' })
  rmSync(folder, { recursive: true, force: true })
  expect(done.status, done.stderr).toBe(3)
  expect(JSON.parse(done.stdout)).toHaveProperty('error.code')
}, 120_000)
