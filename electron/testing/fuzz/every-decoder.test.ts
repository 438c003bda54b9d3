import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decoders } from './decoders.ts'
import type { Subject } from './subject.ts'
import { channelSubjects } from './subjects/channel.ts'
import { documentSubjects } from './subjects/documents.ts'
import { insideHandshakes, insideMessages } from './subjects/mls-inside.ts'
import { mlsScene, mlsSubjects } from './subjects/mls.ts'
import { protocolSubjects } from './subjects/protocols.ts'

const ROOT = join(import.meta.dirname, '..', '..')
/** The parts that meet what others wrote. Windows, command line and IPC take calls of the person who sits here. */
const PARTS = '{crypto,identity,kernel,network,node,storage,sync,updater}'
/** What is called to turn bytes or text into something. */
const READS = [
  /\bfromCbor(?:<.*>)?\(/,
  /\bfrom 'cborg'/,
  /\b(?:[a-z]\w*Decoder|decode)\(\w+, 0\)/,
  /\bJSON\.parse\(/,
  /\bTextDecoder\(/,
  /\bmultiaddr\(/,
  /\.(?:getUint|getBigUint|getInt|readU?Int|readBigU?Int)\w*\(/,
  /\bBuffer\.from\([^)]*'base64(?:url)?'\)/,
  /\.toString\('utf8'\)/,
]

const isDecoder = (file: string): boolean => {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return READS.some((pattern) => pattern.test(text))
}
const found = globSync(`${PARTS}/**/*.ts`, { cwd: ROOT, exclude: (name) => name.endsWith('test-support') })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !file.endsWith('.test.ts') && !file.endsWith('.d.ts') && isDecoder(file))
  .sort()

const scene = await mlsScene()
const subjects: Subject[] = [
  ...channelSubjects,
  ...Object.values(protocolSubjects).flat(),
  ...documentSubjects,
  ...(await mlsSubjects(scene)),
  ...(await insideMessages(scene)),
  ...(await insideHandshakes(scene)),
]

describe('the list of decoders', () => {
  it('has every file that reads bytes or text: add what is new, and a subject for it', () => {
    expect(found.filter((file) => decoders[file] === undefined)).toEqual([])
    expect(Object.keys(decoders).filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
  })

  it('names subjects that there are, and all of them', () => {
    const named = new Set(Object.values(decoders).flatMap((entry) => ('subjects' in entry ? entry.subjects : [])))
    expect([...named].sort()).toEqual(subjects.map((subject) => subject.name).sort())
  })

  it('has both ends of every wire protocol', () => {
    const folders = readdirSync(join(ROOT, 'network', 'protocols'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(folders.map((folder) => folder.name).sort()).toEqual(Object.keys(protocolSubjects).sort())
    for (const ends of Object.values(protocolSubjects)) expect(ends.length).toBeGreaterThanOrEqual(2)
  })

  it('covers all cases of a decoder that several subjects share', () => {
    const sums = new Map<string, number>()
    for (const { name, share } of subjects) {
      if (share === undefined) continue
      const door =
        ['a message', 'a commit', 'a Welcome', 'a key package'].find((what) => name.includes(`${what}:`) || name.endsWith(what)) ?? name
      sums.set(door, (sums.get(door) ?? 0) + share)
    }
    expect(sums.size).toBe(4)
    for (const sum of sums.values()) expect(sum).toBeCloseTo(1)
  })
})
