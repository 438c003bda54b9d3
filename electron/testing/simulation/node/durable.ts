import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redacted } from '../../../kernel/redacted.ts'
import { createMemoryStore } from '../../fakes/memory-store.ts'
import { reopenableStore } from '../../restarts/reopenable-store.ts'
import type { DurableStore } from './sim-node.ts'

/** A store in memory, which a process that ends leaves as its last transaction did. */
export const durableInMemory = (): DurableStore => ({ ...createMemoryStore(), reopen: () => undefined })

/** A real encrypted database below `folder`, closed and opened again at each start. */
export function durableOnDisk(folder: string, name: string): DurableStore {
  const file = join(folder, `${name}.db`)
  writeFileSync(file, '')
  return reopenableStore(file, new Redacted(new Uint8Array(32).fill(7)))
}
