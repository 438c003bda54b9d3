import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Redacted } from '../../kernel/redacted.ts'

/** A folder of the running test's own; gone when it ends. */
export function testFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'spacepanda-storage-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A database key that differs by a number. */
export const testKey = (n = 7): Redacted<Uint8Array> => new Redacted(new Uint8Array(32).fill(n))

/** Every file of a folder (not of folders in it) with mode, size and hash. Not while a store of this process is open there: reading drops its lock. */
export const snapshot = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const file = join(dir, name)
      const hash = createHash('sha256').update(readFileSync(file)).digest('hex')
      return `${name} ${modeOf(file).toString(8)} ${statSync(file).size} ${hash}`
    })

export const modeOf = (file: string): number => statSync(file).mode & 0o777

/** Names of the files that hold the bytes anywhere. */
export const filesHolding = (dir: string, needle: Uint8Array): string[] =>
  readdirSync(dir).filter((name) => readFileSync(join(dir, name)).includes(Buffer.from(needle)))
