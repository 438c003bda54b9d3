import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { foldersOf, makeFolders } from './data-dir.ts'

describe('foldersOf', () => {
  it('uses the folder it is told, made absolute', () => {
    expect(foldersOf('some/where', '/app-data').dataDir).toBe(resolve('some/where'))
  })

  it.each([undefined, ''])('else the platform folder', (configured) => {
    const folders = foldersOf(configured, '/app-data')
    expect(folders.dataDir).toBe(join('/app-data', 'SpacePanda'))
    expect(folders.windowDir).toBe(join('/app-data', 'SpacePanda', 'window'))
  })
})

describe('makeFolders', () => {
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'spacepanda-folders-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('makes them for this user alone, and again without complaint', () => {
    const folders = foldersOf(join(root, 'a', 'b'), root)
    makeFolders(folders)
    makeFolders(folders)
    // Windows keeps access in lists of its own, which a user's folder inherits.
    const expected = process.platform === 'win32' ? 0o666 : 0o700
    for (const folder of [folders.dataDir, folders.windowDir]) expect(statSync(folder).mode & 0o777).toBe(expected)
  })

  it('throws where a file is in the way', () => {
    writeFileSync(join(root, 'file'), '')
    expect(() => makeFolders(foldersOf(join(root, 'file'), root))).toThrow()
  })
})
