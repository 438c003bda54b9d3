import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeFolder, windowDirOf } from './data-dir.ts'

describe('makeFolder', () => {
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'spacepanda-folders-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('makes the profile folder and the window folder in it for this user alone, and again without complaint', () => {
    const dataDir = join(root, 'a', 'b')
    makeFolder(windowDirOf(dataDir))
    makeFolder(windowDirOf(dataDir))
    // Windows keeps access in lists of its own, which a user's folder inherits.
    const expected = process.platform === 'win32' ? 0o666 : 0o700
    for (const folder of [dataDir, windowDirOf(dataDir)]) expect(statSync(folder).mode & 0o777).toBe(expected)
  })

  it('throws where a file is in the way', () => {
    writeFileSync(join(root, 'file'), '')
    expect(() => makeFolder(windowDirOf(join(root, 'file')))).toThrow()
  })
})
