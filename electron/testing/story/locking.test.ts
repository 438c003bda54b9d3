import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toHex } from '../../kernel/bytes.ts'
import { connectControl } from '../../node/control/control-client.ts'
import type { NodeHandle } from '../../node/node-handle.ts'
import { unlock } from '../../storage/key-file/key-file.ts'
import { tempDir } from '../temp-dir.ts'
import { PASSPHRASE, generalOf, hears, joinBy, newcomer, restart, say, startNode, textsOf } from './test-node.ts'
import type { TestNode } from './test-node.ts'

const OTHER = 'another passphrase'
const code = (expected: string): unknown => expect.objectContaining({ code: expected })

let folder: ReturnType<typeof tempDir>
const nodes: NodeHandle[] = []
const kept = <N extends NodeHandle>(node: N): N => {
  nodes.push(node)
  return node
}
beforeEach(() => {
  folder = tempDir()
})
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.stop()
  folder.remove()
})

const person = async (name: string): Promise<TestNode> => kept(await newcomer(folder.dir, name))
const lock = ({ api }: TestNode) => api['profile.lock']({})
const open = ({ api }: TestNode, passphrase = PASSPHRASE) => api['profile.unlock']({ passphrase })

describe('a locked profile', { timeout: 60_000 }, () => {
  it('tells nothing and does nothing, whatever is asked, and says what happened', async () => {
    const ann = await person('Ann')
    await ann.api['spaces.create']({ name: 'Burrow' })
    await say(ann, 'before')
    ann.events.length = 0
    expect(await lock(ann)).toEqual({ kind: 'locked', passphrase: true, recovery: false, passphraseRequired: true })
    expect(ann.events.at(-1)).toEqual({
      event: 'profile.changed',
      data: { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: true },
    })
    const { api } = ann
    for (const call of [api['spaces.list'], api['joins.list'], api['connection.status'], api['connection.retry'], api['settings.get']])
      await expect(call({})).rejects.toEqual(code('locked'))
    await expect(api['spaces.create']({ name: 'x' })).rejects.toEqual(code('locked'))
    await expect(api['profile.rename']({ name: 'x' })).rejects.toEqual(code('locked'))
    await expect(api['profile.setPassphrase']({ current: PASSPHRASE, next: OTHER })).rejects.toEqual(code('locked'))
    const told = ann.events.length
    await open(ann)
    expect(ann.events.slice(told)[0]).toMatchObject({ event: 'profile.changed', data: { kind: 'open' } })
    expect(await textsOf(ann)).toEqual(['before'])
  })

  it('gets what it missed once it is open again', async () => {
    const [ann, bob] = [await person('Ann'), await person('Bob')]
    const space = await ann.api['spaces.create']({ name: 'Burrow' })
    expect((await joinBy(ann, space, bob)).state.kind).toBe('done')
    await say(ann, 'one')
    await hears(bob, 'one')
    await lock(bob)
    await say(ann, 'two')
    await open(bob)
    await hears(bob, 'two')
    await say(bob, 'three')
    await hears(ann, 'three')
  })

  it('has every message that was answered, and none that was refused', async () => {
    const ann = await person('Ann')
    await ann.api['spaces.create']({ name: 'Burrow' })
    const channelId = await generalOf(ann)
    for (let round = 0; round < 3; round++) {
      const texts = Array.from({ length: 20 }, (_, n) => `${round}:${n}`)
      const before = (await textsOf(ann)).length
      const sending = texts.map((text) => ann.api['messages.send']({ channelId, text, replyTo: null }))
      const locking = lock(ann)
      await setImmediate()
      const late = expect(ann.api['messages.send']({ channelId, text: 'late', replyTo: null })).rejects.toEqual(code('locked'))
      const sent = await Promise.allSettled(sending)
      await late
      await locking
      await open(ann)
      for (const one of sent) if (one.status === 'rejected') expect(one.reason).toEqual(code('locked'))
      const answered = texts.filter((_, n) => sent[n]?.status === 'fulfilled')
      expect((await textsOf(ann)).slice(before)).toEqual(answered)
    }
  })

  it('goes on with a join that was under way', async () => {
    const [ann, bob] = [await person('Ann'), await person('Bob')]
    const { spaceId } = await ann.api['spaces.create']({ name: 'Burrow' })
    const { link } = await ann.api['invitations.create']({ spaceId, role: 'member', maxUses: null, expiresInMs: 3_600_000 })
    await lock(ann)
    const { joinId } = await bob.api['joins.start']({ link: link ?? '' })
    await lock(bob)
    await open(ann)
    await open(bob)
    await bob.api['joins.retry']({ joinId })
    await expect.poll(async () => (await bob.api['joins.list']({})).map((join) => join.state.kind), { timeout: 30_000 }).toEqual(['done'])
    await say(bob, 'here')
    await hears(ann, 'here')
  })

  it('answers commands over its socket: what it is, and how it opens', async () => {
    const ann = await person('Ann')
    await lock(ann)
    const remote = await connectControl(ann.dataDir)
    if (remote === null) throw new Error('it is served')
    try {
      expect(await remote.api['profile.status']({})).toMatchObject({ kind: 'locked' })
      await expect(remote.api['spaces.list']({})).rejects.toThrow(/Unlock it in the window/)
      await expect(remote.api['profile.unlock']({ passphrase: OTHER })).rejects.toEqual(code('wrong-passphrase'))
      expect((await remote.api['profile.unlock']({ passphrase: PASSPHRASE })).name).toBe('Ann')
      expect(await ann.api['spaces.list']({})).toEqual([])
    } finally {
      await remote.stop()
    }
  })

  it('is left alone by quitting, and opens in the next node', async () => {
    const ann = await person('Ann')
    const locking = lock(ann)
    await Promise.all([locking, ann.stop()])
    const again = kept(await restart(ann))
    expect(await again.api['profile.status']({})).toMatchObject({ kind: 'open', profile: { name: 'Ann' } })
  })

  it('says at once that another node has it open, before anything is typed, and when that is over', async () => {
    const ann = await person('Ann')
    const other = kept(await startNode(ann.dataDir))
    expect(await other.api['profile.status']({})).toEqual({ kind: 'in-use' })
    await ann.stop()
    expect(await other.api['profile.status']({})).toMatchObject({ kind: 'locked', passphrase: true })
    await open(other)
    await lock(other)
    expect(await other.api['profile.status']({})).toMatchObject({ kind: 'locked' })
  })

  it('may be opened by another node meanwhile, and then says so', async () => {
    const ann = await person('Ann')
    await lock(ann)
    const other = kept(await startNode(ann.dataDir))
    await open(other)
    await expect(open(ann)).rejects.toEqual(code('in-use'))
    await other.stop()
    await open(ann)
  })
})

it('keeps passphrases, phrase and key out of every file', { timeout: 60_000 }, async () => {
  const ann = await person('Ann')
  const { recoveryPhrase } = await ann.api['profile.makeRecoveryPhrase']({ current: PASSPHRASE })
  await ann.api['profile.setPassphrase']({ current: PASSPHRASE, next: OTHER })
  await ann.api['spaces.create']({ name: 'Burrow' })
  await say(ann, 'a word')
  await lock(ann)
  await expect(open(ann)).rejects.toEqual(code('wrong-passphrase'))
  await ann.api['profile.recover']({ recoveryPhrase, passphrase: PASSPHRASE })
  await lock(ann)
  const key = await unlock(ann.dataDir, { passphrase: PASSPHRASE, vault: null })
  const words = recoveryPhrase.split(' ')
  const secrets = [
    PASSPHRASE,
    OTHER,
    words.slice(0, 2).join(' '),
    words.slice(-2).join(' '),
    toHex(key.reveal()),
    Buffer.from(key.reveal()),
  ]
  const files = readdirSync(ann.dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  expect(files.map((entry) => entry.name)).toContain('profile.json.copy')
  for (const { parentPath, name } of files) {
    const content = readFileSync(join(parentPath, name))
    for (const secret of secrets) expect(content.includes(secret)).toBe(false)
  }
  const told = JSON.stringify(ann.events)
  for (const secret of secrets) expect(told.includes(String(secret))).toBe(false)
})
