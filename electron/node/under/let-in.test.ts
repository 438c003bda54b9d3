import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Space } from '../../../shared/domain/models.ts'
import { AppError } from '../../kernel/errors.ts'
import { eventually, groupOf, makeTown } from '../../testing/fixtures/town.ts'
import type { Resident, Town } from '../../testing/fixtures/town.ts'
import { peopleOf } from '../connection-test/people.ts'
import { dropLetIn, letInAt } from '../../sync/invitations/let-in.ts'

let town: Town
let otto: Resident
let paul: Resident
let space: Space
beforeEach(async () => {
  town = await makeTown('let in')
  otto = await town.arrive('Otto')
  paul = await town.arrive('Paul')
  space = await otto.api['spaces.create']({ name: 'Friends' })
})
afterEach(() => town.end())

const away = () => peopleOf(otto.store, otto.messenger.network, 'local').away

it('who came in through this device and was gone before a session was made is told of with the time of that, which goes with the group', async () => {
  const { onJoin } = otto.handlers
  otto.handlers.onJoin = async (from, request) => {
    await onJoin(from, request)
    throw new AppError('timed-out', 'The answer is lost, and Paul is gone.')
  }
  const { link } = await otto.api['invitations.create']({ spaceId: space.spaceId, role: 'member', maxUses: 1, expiresInMs: 3_600_000 })
  await paul.api['joins.start']({ link: link ?? '' })
  const people = () => {
    town.clock.advance(100)
    return away().map(({ name, lastSeenAt, letInAt: at }) => [name, lastSeenAt, at !== null])
  }
  await eventually(people, [['Paul', null, true]])
  const [first] = away()
  expect(first?.letInAt).toBeLessThanOrEqual(town.clock.now())
  const groupId = groupOf(otto)
  const members = otto.messenger.group(groupId).members()
  otto.store.transaction((tx) => dropLetIn(tx, groupId))
  expect(members.map(({ memberId }) => letInAt(otto.store, groupId, memberId))).toEqual([null, null])
})
