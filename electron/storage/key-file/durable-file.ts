import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { systemRandom } from '../../kernel/random.ts'
import { codeOf, diskFault } from './disk-fault.ts'

/** Filesystems without hard links answer one of these. */
const NO_LINKS = new Set<unknown>(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

/** Writes a new file (mode 0600), whole or not at all, durable on return. Answers false if the name is taken. */
export function createDurably(file: string, content: Uint8Array): boolean {
  return withTemporary(file, content, (temporary) => {
    try {
      linkSync(temporary, file)
    } catch (thrown) {
      if (codeOf(thrown) === 'EEXIST') return false
      if (!NO_LINKS.has(codeOf(thrown))) throw thrown
      return createInPlace(file, content)
    }
    return true
  })
}

/** Replaces a file, the old or the new one being there at any time, durable on return. */
export function replaceDurably(file: string, content: Uint8Array): void {
  withTemporary(file, content, (temporary) => renameSync(temporary, file))
}

/**
 * Replaces two files by the same content, one after the other, durable on return. Both are written whole before either takes
 * its name, so a full disk changes nothing. Should only the second fail then, it is removed: nothing old may stay behind.
 */
export function replacePairDurably(first: string, second: string, content: Uint8Array): void {
  const temporary = [first, second].map((file) => `${file}.${systemRandom.id()}.tmp`) as [string, string]
  try {
    for (const file of temporary) writeSynced(file, content)
    renameSync(temporary[0], first)
    syncFolder(dirname(first))
    replaceOrRemove(temporary[1], second)
    syncFolder(dirname(second))
  } catch (thrown) {
    for (const file of temporary) rmSync(file, { force: true })
    throw diskFault(thrown)
  }
}

function replaceOrRemove(temporary: string, file: string): void {
  try {
    renameSync(temporary, file)
  } catch {
    for (const old of [temporary, file]) rmSync(old, { recursive: true, force: true })
  }
}

/** Makes an empty file (mode 0600) if there is none. */
export function touchDurably(file: string): void {
  try {
    closeSync(openSync(file, 'a', 0o600))
    syncFolder(dirname(file))
  } catch (thrown) {
    throw diskFault(thrown)
  }
}

function withTemporary<T>(file: string, content: Uint8Array, place: (temporary: string) => T): T {
  const temporary = `${file}.${systemRandom.id()}.tmp`
  try {
    writeSynced(temporary, content)
    const result = place(temporary)
    rmSync(temporary, { force: true })
    syncFolder(dirname(file))
    return result
  } catch (thrown) {
    rmSync(temporary, { force: true })
    throw diskFault(thrown)
  }
}

/** Without links a crash may leave part of the file; its checksum tells. */
function createInPlace(file: string, content: Uint8Array): boolean {
  try {
    writeSynced(file, content)
    return true
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return false
    throw thrown
  }
}

/** A new file; of one that cannot be written whole nothing is left. */
function writeSynced(file: string, content: Uint8Array): void {
  const descriptor = openSync(file, 'wx', 0o600)
  let isWhole = false
  try {
    writeFileSync(descriptor, content)
    fsyncSync(descriptor)
    isWhole = true
  } finally {
    closeSync(descriptor)
    if (!isWhole) rmSync(file, { force: true })
  }
}

/** Makes what was written into a file by others durable. */
export function syncFile(file: string): void {
  const descriptor = openSync(file, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Makes names in a folder durable. Windows has no such call and does it by itself. */
export function syncFolder(dir: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(dir, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
