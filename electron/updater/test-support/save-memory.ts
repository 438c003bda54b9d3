/** Saves a memory of 4,096 bytes and some more; for a test that lets no file become so large. */
import { systemRandom } from '../../kernel/random.ts'
import { MemoryFile } from '../memory.ts'

const [, , file = ''] = process.argv
try {
  new MemoryFile(file, systemRandom).save({
    rotations: Array.from({ length: 4 }, () => ({ statement: 'x'.repeat(1_900), signatures: [] })),
  })
  process.stdout.write('saved')
} catch {
  process.stdout.write('refused')
}
