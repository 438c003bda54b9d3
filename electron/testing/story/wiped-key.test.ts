import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it, onTestFinished } from 'vitest'
import { unlock } from '../../storage/key-file/key-file.ts'
import { tempDir } from '../temp-dir.ts'
import { PASSPHRASE, newcomer } from './test-node.ts'

const PIECE_BYTES = 16 * 1024 * 1024
/** Reserved by V8 and never filled; nothing that holds data is as large. */
const LARGEST_BYTES = 256 * 1024 * 1024

const MAPPING = /^([0-9a-f]+)-([0-9a-f]+) rw\S* \S+ \S+ \S+ *(.*)\n(?:[A-Z].*\n)*?Rss: +([0-9]+) kB/gm

/** In which writable parts of a process' memory the bytes are. Only Linux lets a parent look. */
function placesOf(pid: number, needle: Buffer): string[] {
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  try {
    const mappings = [...readFileSync(`/proc/${pid}/smaps`, 'utf8').matchAll(MAPPING)]
    return mappings.flatMap(([, from = '', to = '', name = '', resident]) => {
      const [start, end] = [parseInt(from, 16), parseInt(to, 16)]
      if (resident === '0' || end - start > LARGEST_BYTES || !holds(memory, start, end, needle)) return []
      return [name === '' ? 'anonymous' : name]
    })
  } finally {
    closeSync(memory)
  }
}

function holds(memory: number, start: number, end: number, needle: Buffer): boolean {
  const piece = Buffer.alloc(Math.min(PIECE_BYTES, end - start))
  for (let at = start; at < end; at += Math.max(1, piece.length - needle.length)) {
    const length = readOrNothing(memory, piece.subarray(0, Math.min(piece.length, end - at)), at)
    if (piece.subarray(0, length).includes(needle)) return true
    if (at + length >= end || length === 0) return false
  }
  return false
}

/** Some mappings cannot be read, even by their owner. */
function readOrNothing(memory: number, piece: Buffer, at: number): number {
  try {
    return readSync(memory, piece, 0, piece.length, at)
  } catch {
    return 0
  }
}

it('a locked profile has its key nowhere in memory, as often as it is opened', { timeout: 60_000 }, async () => {
  const folder = tempDir()
  onTestFinished(() => folder.remove())
  const ann = await newcomer(folder.dir, 'Ann')
  await ann.stop()
  const key = Buffer.from((await unlock(ann.dataDir, { passphrase: PASSPHRASE, vault: null })).reveal())
  const script = join(import.meta.dirname, '..', 'test-support', 'lock-on-command.ts')
  const child = spawn(process.execPath, [script, ann.dataDir, PASSPHRASE], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  expect((await answers.next()).value).toBe('ready')
  const after = async (command: string): Promise<string[]> => {
    child.stdin.write(`${command}\n`)
    expect((await answers.next()).value).toBe(command)
    return process.platform === 'linux' && child.pid !== undefined ? placesOf(child.pid, key) : []
  }
  for (let round = 0; round < 2; round++) {
    const open = await after('open')
    if (process.platform === 'linux') expect(open).toContain('[heap]')
    // What native code leaves on its stack goes when other calls come over it, which nobody here can hasten.
    expect((await after('lock')).filter((place) => place !== '[stack]')).toEqual([])
  }
})
