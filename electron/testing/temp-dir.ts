import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for one test, and how to remove it. */
export function tempDir(): { dir: string; remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'spacepanda-test-'))
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }) }
}
