import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import { systemClock } from '../kernel/clock.ts'
import { silentLogger } from '../kernel/logger.ts'
import { systemRandom } from '../kernel/random.ts'
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
    expect((await unlocked).addresses.length).toBeGreaterThan(0)
    expect(told).toEqual([0, 1])
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
