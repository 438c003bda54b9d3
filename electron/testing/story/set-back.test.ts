import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { tempDir } from '../temp-dir.ts'
import { PASSPHRASE, hears, joinBy, newcomer, reaches, restart, say, startNode, textsOf, until } from './test-node.ts'
import type { TestNode } from './test-node.ts'

const { dir, remove } = tempDir()
const nodes: TestNode[] = []
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.stop()))
  remove()
})
const kept = <T extends TestNode>(node: T): T => {
  nodes.push(node)
  return node
}

it('a whole folder that was set back is told by the others what it sent since, and writes again with fresh keys', async () => {
  const ann = kept(await newcomer(dir, 'ann'))
  const bob = kept(await newcomer(dir, 'bob'))
  await joinBy(ann, await ann.api['spaces.create']({ name: 'Garden' }), bob)
  await reaches(ann, await say(ann, 'before'), 'delivered')
  await ann.stop()
  const copy = join(dir, 'copy')
  cpSync(ann.dataDir, copy, { recursive: true })

  const lost = kept(await restart(ann))
  for (const text of ['one', 'two', 'three']) await reaches(lost, await say(lost, text), 'delivered')
  await lost.stop()
  rmSync(ann.dataDir, { recursive: true })
  cpSync(copy, ann.dataDir, { recursive: true })

  const again = kept(await startNode(ann.dataDir))
  await again.api['profile.unlock']({ passphrase: PASSPHRASE })
  for (const text of ['one', 'two', 'three']) await hears(again, text)
  await until(again, 'being let in again', async () => ((await again.api['spaces.list']({}))[0]?.returning === false ? true : null))
  expect((await again.api['connection.status']({})).lastErrors.map(({ message }) => message).join()).toContain('older copy')
  await reaches(again, await say(again, 'back'), 'delivered')
  await hears(bob, 'back')
  const all = ['before', 'one', 'two', 'three', 'back']
  expect(await textsOf(bob)).toEqual(all)
  expect(await textsOf(again)).toEqual(all)
}, 60_000)
