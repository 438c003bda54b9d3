import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tempDir } from '../temp-dir.ts'
import { generalOf, hears, joinBy, knowsWhereToFind, newcomer, reaches, restart, say, startNode, textsOf, until } from './test-node.ts'
import type { TestNode } from './test-node.ts'

/** Real nodes in one process: everything but the window and the command line. */
describe('three friends', { timeout: 60_000 }, () => {
  let folder: ReturnType<typeof tempDir>
  const running = new Set<TestNode>()
  const track = (node: TestNode): TestNode => {
    running.add(node)
    return node
  }
  const arrive = async (name: string) => track(await newcomer(folder.dir, name))

  beforeEach(() => {
    folder = tempDir()
  })
  afterEach(async () => {
    await Promise.all([...running].map((node) => node.stop()))
    running.clear()
    folder.remove()
  })

  it('found a space, join it, talk both ways, and a third sees only what came after', async () => {
    const [alice, bob, carol] = [await arrive('Alice'), await arrive('Bob'), await arrive('Carol')]
    const space = await alice.api['spaces.create']({ name: 'Friends' })
    expect((await joinBy(alice, space, bob)).state).toMatchObject({ kind: 'done', spaceId: space.spaceId })

    const hello = await say(alice, 'hello Bob')
    await hears(bob, 'hello Bob')
    await reaches(alice, hello, 'delivered')
    await say(bob, 'hello Alice')
    await hears(alice, 'hello Alice')

    expect((await joinBy(bob, space, carol)).state.kind).toBe('done')
    await until(alice, 'three members', async () => ((await alice.api['members.list'](space)).length === 3 ? true : null))
    const welcome = await say(alice, 'welcome Carol')
    await hears(carol, 'welcome Carol')
    await reaches(alice, welcome, 'delivered')
    await say(carol, 'thanks')
    await hears(bob, 'thanks')
    await hears(alice, 'thanks')
    expect(await textsOf(carol)).toEqual(['welcome Carol', 'thanks'])
    expect(await textsOf(alice)).toEqual(await textsOf(bob))
  })

  it('go on after everyone restarted', async () => {
    let [alice, bob] = [await arrive('Alice'), await arrive('Bob')]
    await joinBy(alice, await alice.api['spaces.create']({ name: 'Friends' }), bob)
    await reaches(alice, await say(alice, 'before'), 'delivered')
    await alice.stop()
    await bob.stop()
    alice = track(await restart(alice))
    bob = track(await restart(bob))
    expect(await textsOf(bob)).toEqual(['before'])
    await reaches(bob, await say(bob, 'after'), 'delivered')
    expect(await textsOf(alice)).toEqual(['before', 'after'])
  })

  it('keep a message for one who is away, across restarts of both', async () => {
    let [alice, bob] = [await arrive('Alice'), await arrive('Bob')]
    await joinBy(alice, await alice.api['spaces.create']({ name: 'Friends' }), bob)
    await bob.stop()
    const waiting = await say(alice, 'for later')
    expect(waiting.delivery).toMatchObject({ state: 'stored', delivered: 0, recipients: 1 })
    const channelId = await generalOf(alice)
    expect((await alice.api['connection.status']({})).queued).toMatchObject([{ channelId, messages: 1, people: [{ name: 'Bob' }] }])
    alice = track(await restart(alice))
    expect((await alice.api['messages.get'](waiting)).delivery.state).toBe('stored')
    bob = track(await restart(bob))
    await hears(bob, 'for later')
    await reaches(alice, waiting, 'delivered')
    expect((await alice.api['connection.status']({})).queued).toEqual([])
  })

  it('a message reaches one who was away through a third, while its author is gone', async () => {
    let [alice, bob] = [await arrive('Alice'), await arrive('Bob')]
    const carol = await arrive('Carol')
    const space = await alice.api['spaces.create']({ name: 'Friends' })
    await joinBy(alice, space, bob)
    await joinBy(alice, space, carol)
    await until(bob, 'three members', async () => ((await bob.api['members.list'](space)).length === 3 ? true : null))
    await bob.stop()
    const passed = await say(alice, 'pass it on')
    await reaches(alice, passed, 'held')
    await alice.stop()
    bob = track(await restart(bob))
    await hears(bob, 'pass it on')
    alice = track(await restart(alice))
    await reaches(alice, passed, 'delivered')
  })

  it('a newcomer is recognised by a member who missed the commit that added them', async () => {
    const [alice, carol] = [await arrive('Alice'), await arrive('Carol')]
    let bob = await arrive('Bob')
    const space = await alice.api['spaces.create']({ name: 'Friends' })
    await joinBy(alice, space, bob)
    await knowsWhereToFind(alice, bob)
    await bob.stop()
    await joinBy(alice, space, carol)
    await alice.stop()
    bob = track(await restart(bob))
    await until(bob, 'Carol among the members', async () => ((await bob.api['members.list'](space)).length === 3 ? true : null))
    await say(bob, 'hello Carol')
    await hears(carol, 'hello Carol')
    await say(carol, 'hello Bob')
    await hears(bob, 'hello Bob')
  })

  it('one folder opens in one node at a time', async () => {
    const alice = await arrive('Alice')
    const second = track(await startNode(alice.dataDir))
    await expect(second.api['profile.unlock']({ passphrase: 'a passphrase for tests' })).rejects.toMatchObject({ code: 'in-use' })
  })
})
