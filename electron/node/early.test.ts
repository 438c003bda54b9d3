import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import { systemClock } from '../kernel/clock.ts'
import { silentLogger } from '../kernel/logger.ts'
import { systemRandom } from '../kernel/random.ts'
import { Libp2pTransport } from '../network/libp2p/libp2p-transport.ts'
import { keyring, newFolder, PASSPHRASE } from '../testing/fixtures/keeper.ts'
import { createNode } from './create-node.ts'
import { Messenger } from './messenger.ts'
import type { NodeHandle } from './node-handle.ts'

const network = { loopbackOnly: true, mdns: false, webrtc: false }

async function nodeOver(dataDir: string, early: boolean, keyVault = keyring()): Promise<NodeHandle> {
  const deps = { keyVault, logger: silentLogger, clock: systemClock, random: systemRandom, passphraseWorkMs: 0 }
  const node = await createNode({ dataDir, ...deps, network, early })
  onTestFinished(() => node.stop())
  return node
}

/** A profile with a space, closed. */
async function profileWithSpace(passphrase: string | null): Promise<string> {
  const dataDir = newFolder()
  const node = await nodeOver(dataDir, false)
  await node.api['profile.create']({ name: 'Ann', passphrase })
  await node.api['spaces.create']({ name: 'Friends' })
  await node.stop()
  return dataDir
}

const addressesOf = async (node: NodeHandle): Promise<number> => {
  const status = await node.api['profile.status']({})
  return status.kind === 'open' ? status.profile.addresses.length : -1
}
const spacesOf = async (node: NodeHandle) => (await node.api['spaces.list']({})).map(({ name }) => name)

describe('a node that a window waits for', () => {
  it('answers as soon as its profile is open, before its network runs; what needs that waits for it', async () => {
    const node = await nodeOver(await profileWithSpace(null), true)
    expect([await addressesOf(node), await spacesOf(node)]).toEqual([0, ['Friends']])
    const [space] = await node.api['spaces.list']({})
    const invitation = await node.api['invitations.create']({
      spaceId: space?.spaceId ?? ('' as never),
      role: 'member',
      maxUses: 1,
      expiresInMs: 60_000,
    })
    expect(invitation.link).toMatch(/^spacepanda:/)
    expect(await addressesOf(node)).toBeGreaterThan(0)
  })

  it('says nothing of its connection before there is one to speak of', async () => {
    const node = await nodeOver(await profileWithSpace(PASSPHRASE), true)
    const told: number[] = []
    node.on((event: NodeEvent) => {
      if (event.event === 'connection.changed') told.push(event.data.listening.length)
    })
    const unlocked = node.api['profile.unlock']({ passphrase: PASSPHRASE })
    await expect.poll(() => addressesOf(node)).toBe(0)
    await node.api['spaces.create']({ name: 'Early' })
    expect((await node.api['connection.status']({})).listening).not.toEqual([])
    await unlocked
    await expect.poll(() => told).not.toEqual([])
    expect(told.filter((count) => count === 0)).toEqual([])
  })

  it('and else when all of it runs', async () => {
    const node = await nodeOver(await profileWithSpace(null), false)
    expect(await addressesOf(node)).toBeGreaterThan(0)
  })

  it('tells of a profile that its person opens when it is open, and again when its network runs', async () => {
    const node = await nodeOver(await profileWithSpace(PASSPHRASE), true)
    const told: number[] = []
    node.on((event: NodeEvent) => {
      if (event.event === 'profile.changed' && event.data.kind === 'open') told.push(event.data.profile.addresses.length > 0 ? 1 : 0)
    })
    const unlocked = node.api['profile.unlock']({ passphrase: PASSPHRASE })
    await expect.poll(() => told).toEqual([0])
    expect(await spacesOf(node)).toEqual(['Friends'])
    expect((await unlocked).addresses).toEqual([])
    await expect.poll(() => told, { timeout: 10_000 }).toEqual([0, 1])
  })

  it('keeps what is written in that moment, and what is asked of it then comes in its turn', async () => {
    const dataDir = await profileWithSpace(PASSPHRASE)
    const node = await nodeOver(dataDir, true)
    const unlocked = node.api['profile.unlock']({ passphrase: PASSPHRASE })
    await expect.poll(() => addressesOf(node)).toBe(0)
    const [space] = await node.api['spaces.list']({})
    const channelId = space?.channels[0]?.channelId ?? ('' as never)
    const sent = await node.api['messages.send']({ channelId, text: 'early', replyTo: null })
    const locked = await node.api['profile.lock']({})
    expect([(await unlocked).name, locked.kind]).toEqual(['Ann', 'locked'])
    await node.api['profile.unlock']({ passphrase: PASSPHRASE })
    expect((await node.api['messages.get']({ messageId: sent.messageId })).text).toBe('early')
  })

  it('begins a join that is asked for in that moment once it has a network, and tells of no failure', async () => {
    const host = await nodeOver(await profileWithSpace(null), false)
    const [space] = await host.api['spaces.list']({})
    const wish = { spaceId: space?.spaceId ?? ('' as never), role: 'member' as const, maxUses: 1, expiresInMs: 600_000 }
    const { link } = await host.api['invitations.create'](wish)
    const node = await nodeOver(newFolder(), true)
    const told: string[] = []
    node.on((event: NodeEvent) => {
      if (event.event === 'join.changed') told.push(event.data.state.kind)
    })
    await node.api['profile.create']({ name: 'Bob', passphrase: PASSPHRASE })
    expect(await addressesOf(node)).toBe(0)
    await node.api['joins.start']({ link: link ?? '' })
    await expect.poll(() => spacesOf(node), { timeout: 15_000 }).toEqual(['Friends'])
    expect(told).not.toContain('waiting')
  })

  describe('whose network does not come up', () => {
    /** The next start of a network waits for the end of the test. */
    const hangs = () => {
      const over = Promise.withResolvers<null>()
      const start = Libp2pTransport.prototype.start
      const spy = vi.spyOn(Libp2pTransport.prototype, 'start').mockImplementationOnce(async function (this: Libp2pTransport, events) {
        await over.promise
        return start.call(this, events)
      })
      onTestFinished(() => {
        over.resolve(null)
        spy.mockRestore()
      })
      return expect.poll(() => spy.mock.calls.length)
    }

    it('is locked at once, and opens again', async () => {
      const node = await nodeOver(await profileWithSpace(PASSPHRASE), true)
      const starts = hangs()
      await node.api['profile.unlock']({ passphrase: PASSPHRASE })
      await starts.toBe(1)
      const locked = node.api['profile.lock']({})
      await expect.poll(async () => (await node.api['profile.status']({})).kind, { interval: 1 }).toBe('locked')
      await expect(node.api['spaces.list']({})).rejects.toMatchObject({ code: 'locked' })
      expect((await locked).kind).toBe('locked')
      await node.api['profile.unlock']({ passphrase: PASSPHRASE })
      expect(await spacesOf(node)).toEqual(['Friends'])
      await expect.poll(() => addressesOf(node), { timeout: 10_000 }).toBeGreaterThan(0)
    })

    it('stops all the same, and leaves nobody waiting', async () => {
      const dataDir = await profileWithSpace(PASSPHRASE)
      const node = await nodeOver(dataDir, true)
      const starts = hangs()
      await node.api['profile.unlock']({ passphrase: PASSPHRASE })
      await starts.toBe(1)
      const status = node.api['connection.status']({})
      await node.stop()
      expect((await status).listening).toEqual([])
      const next = await nodeOver(dataDir, false)
      await next.api['profile.unlock']({ passphrase: PASSPHRASE })
      expect(await spacesOf(next)).toEqual(['Friends'])
    })
  })

  it('stops at once where it had not begun, and lets go of the folder', async () => {
    const dataDir = await profileWithSpace(null)
    const node = await nodeOver(dataDir, true)
    await node.stop()
    expect(await spacesOf(await nodeOver(dataDir, false))).toEqual(['Friends'])
  })

  it('says so in the window where not all of it could be started, and leaves nobody waiting', async () => {
    const node = await nodeOver(await profileWithSpace(PASSPHRASE), true)
    vi.spyOn(Messenger.prototype, 'start').mockRejectedValueOnce(new Error('of ours'))
    expect((await node.api['profile.unlock']({ passphrase: PASSPHRASE })).name).toBe('Ann')
    const { lastErrors } = await node.api['connection.status']({})
    expect(lastErrors.map(({ message }) => message)).toEqual([expect.stringContaining('Not all of SpacePanda could be started')])
    expect(await spacesOf(node)).toEqual(['Friends'])
  })

  it('refuses an invitation that nobody could follow where no network came up', async () => {
    const node = await nodeOver(await profileWithSpace(null), true)
    const [space] = await node.api['spaces.list']({})
    const asked = node.api['invitations.create']({
      spaceId: space?.spaceId ?? ('' as never),
      role: 'member',
      maxUses: 1,
      expiresInMs: 60_000,
    })
    const ended = Promise.allSettled([asked, node.stop()])
    const [invitation] = await ended
    expect(invitation).toMatchObject({ status: 'rejected', reason: { code: 'unreachable' } })
  })
})
