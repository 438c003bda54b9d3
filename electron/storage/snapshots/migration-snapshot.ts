import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { systemRandom } from '../../kernel/random.ts'
import type { Descriptor } from '../database-file/descriptor.ts'
import { diskFault } from '../key-file/disk-fault.ts'
import { syncFolder } from '../key-file/durable-file.ts'
import { hasRoomFor, listSnapshots, nextSnapshot, removeSnapshots } from './snapshots.ts'

const CHUNK_BYTES = 1024 * 1024

/**
 * Copies a database whose log is empty before its schema is changed, in one go: nobody is served yet. Durable on return.
 * It takes the place of one that was made before: a change that fails at every start must not fill the disk.
 * Answers false, having done nothing, where the disk has no room: the change is all or nothing without it too.
 */
export function snapshotBeforeMigration(file: string, descriptor: Descriptor, at: number): boolean {
  const dir = dirname(file)
  if (!hasRoomFor(dir, descriptor.size())) return false
  const target = nextSnapshot(dir, at, 'migration')
  const temporary = `${target}.${systemRandom.id()}.tmp`
  try {
    copy(descriptor, temporary)
    renameSync(temporary, target)
    syncFolder(dirname(target))
    removeSnapshots(listSnapshots(dir).filter((made) => made.reason === 'migration' && made.file !== target))
    return true
  } catch (thrown) {
    rmSync(temporary, { force: true })
    throw diskFault(thrown)
  }
}

function copy(descriptor: Descriptor, target: string): void {
  const fd = openSync(target, 'wx', 0o600)
  try {
    const size = descriptor.size()
    for (let at = 0; at < size; at += CHUNK_BYTES) {
      const chunk = descriptor.readSkippingLocks(at, Math.min(CHUNK_BYTES, size - at))
      for (let done = 0; done < chunk.length;) done += writeSync(fd, chunk, done)
    }
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
