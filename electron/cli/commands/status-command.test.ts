import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PASSPHRASE, joinBy, knowsWhereToFind, newcomer } from '../../testing/story/test-node.ts'
import { tempDir } from '../../testing/temp-dir.ts'
import { runCli } from '../run-cli.ts'

describe('status', { timeout: 60_000 }, () => {
  let folder: ReturnType<typeof tempDir>
  beforeEach(() => {
    folder = tempDir()
  })
  afterEach(() => folder.remove())

  async function run(...argv: string[]): Promise<string> {
    const out: string[] = []
    const host = Object.assign(new EventEmitter(), {
      platform: process.platform,
      env: { SPACEPANDA_DATA_DIR: join(folder.dir, 'Alice'), SPACEPANDA_PASSPHRASE: PASSPHRASE, SPACEPANDA_NETWORK: 'loopback' },
      stdout: { write: (text: string) => out.push(text) },
      stderr: { write: () => true },
    })
    expect(await runCli(argv, host as unknown as NodeJS.Process)).toBe(0)
    return out.join('')
  }

  it('says who of a space is connected, and for whom something waits and why', async () => {
    const [alice, bob] = [await newcomer(folder.dir, 'Alice'), await newcomer(folder.dir, 'Bob')]
    const space = await alice.api['spaces.create']({ name: 'Friends' })
    await joinBy(alice, space, bob)
    await knowsWhereToFind(alice, bob)
    await bob.stop()
    const channelId = space.channels[0]?.channelId ?? ''
    await alice.api['messages.send']({ channelId: channelId as never, text: 'for later', replyTo: null })
    await alice.stop()
    const words = await run('status')
    expect(words).toMatch(/\nFriends: 0 of 1 connected\n {2}Bob: .+; last connected .+\n/)
    expect(words).toMatch(/\n1 waiting in #general of Friends\n {2}for Bob: .+; last connected /)
    expect(words.match(/Bob: /g)?.length).toBe(2)
    const status = JSON.parse(await run('status', '--json')) as unknown
    expect(status).toMatchObject({
      places: [{ spaceId: space.spaceId, spaceName: 'Friends', channelName: '', connected: 0, of: 1, people: [{ name: 'Bob' }] }],
      queued: [{ channelId, messages: 1, lookedAt: 1, people: [{ name: 'Bob', messages: 1, inMailbox: 0 }], morePeople: 0, held: null }],
    })
  })
})
