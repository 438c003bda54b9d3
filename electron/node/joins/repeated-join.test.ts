import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MemberId } from '../../../shared/domain/ids.ts'
import type { Space } from '../../../shared/domain/models.ts'
import { AppError } from '../../kernel/errors.ts'
import { decodeIntent } from '../../sync/intents/intent.ts'
import { eventually, groupOf, joinBy, makeTown } from '../../testing/fixtures/town.ts'
import type { Resident, Town } from '../../testing/fixtures/town.ts'

let town: Town
let ann: Resident
let bob: Resident
let space: Space
beforeEach(async () => {
  town = await makeTown('repeated join')
  ann = await town.arrive('Ann')
  bob = await town.arrive('Bob')
  space = await ann.api['spaces.create']({ name: 'Friends' })
})
afterEach(() => town.end())

const members = async (resident: Resident) =>
  (await resident.api['members.list']({ spaceId: space.spaceId })).map((m) => `${m.name} ${m.online ? 'online' : 'offline'}`)

describe('a request to join that comes again', () => {
  const asked = async (by: Resident) => {
    const [intent] = by.store.intents
      .list(groupOf(by))
      .map((row) => decodeIntent(row.body))
      .filter((one) => one.kind === 'admit')
    if (intent === undefined) throw new Error('somebody was let in')
    return by.handlers.onJoin(bob.peerId, { groupId: groupOf(by), ...intent.request })
  }

  it('is told where the one is who answers, and of nobody else: who knows it was a member once', async () => {
    const carol = await town.arrive('Carol')
    await joinBy(ann, space, bob)
    await joinBy(ann, space, carol)
    await eventually(() => members(ann), ['Ann online', 'Bob online', 'Carol online'])
    town.clock.advance(11 * 60_000)
    const told: MemberId[][] = []
    void asked(ann).then((answer) => told.push(answer.kind === 'welcome' ? answer.peers.map(({ memberId }) => memberId) : []))
    const isAnswered = (): MemberId[][] => {
      town.clock.advance(100)
      return told
    }
    await eventually(isAnswered, [[ann.messenger.group(groupOf(ann)).self]])
  })

  it('brings in who got no answer the first time', async () => {
    const { onJoin } = ann.handlers
    let lost = 0
    ann.handlers.onJoin = async (from, request) => {
      const answer = await onJoin(from, request)
      if (lost++ === 0) throw new AppError('timed-out', 'The answer is lost.')
      return answer
    }
    const { link } = await ann.api['invitations.create']({ spaceId: space.spaceId, role: 'member', maxUses: 1, expiresInMs: 3_600_000 })
    await bob.api['joins.start']({ link: link ?? '' })
    const isIn = (): boolean => {
      town.clock.advance(100)
      return bob.store.groups.list().length > 0
    }
    await eventually(isIn, true)
    expect(lost).toBeGreaterThan(1)
    await eventually(() => members(ann), ['Ann online', 'Bob online'])
  })
})
