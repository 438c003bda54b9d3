import { expect, it } from 'vitest'
import type { GroupId, MemberId, PeerId } from '../../../shared/domain/ids.ts'
import { silentLogger } from '../../kernel/logger.ts'
import type { Network, SessionStatus } from '../../ports/network.ts'
import type { SharedGroup } from '../../ports/wire.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { seededRandom } from '../../testing/mls/seeded.ts'
import { Correspondence } from './correspondence.ts'

const PEER = 'peer' as PeerId
const [SPACE, OTHER] = ['01'.repeat(16) as GroupId, '02'.repeat(16) as GroupId]
const MEMBER = '03'.repeat(16) as MemberId
const proven = (groupId: GroupId): SharedGroup => ({ groupId, memberId: MEMBER })

function table() {
  const asked: PeerId[] = []
  const session: SessionStatus = {
    ...{ peerId: PEER, state: 'proving', direction: 'inbound', path: 'direct', shared: [], lastError: null, retryAt: null },
  }
  const network: Pick<Network, 'sessions' | 'reprove'> = {
    sessions: () => [session],
    reprove: (peerId) => {
      asked.push(peerId)
      return Promise.resolve([])
    },
  }
  const correspondence = new Correspondence({
    ...{ groups: new Map(), clock: new FakeClock(), random: seededRandom('late'), logger: silentLogger },
    network: network as Network,
    compared: () => undefined,
  })
  return { asked, correspondence }
}

it('what was being proven while this device got another leaf is proven again as soon as that is over, once', async () => {
  const { asked, correspondence } = table()
  correspondence.reproveAll(SPACE)
  expect(asked).toEqual([])
  correspondence.ready(PEER, [proven(SPACE)])
  correspondence.ready(PEER, [proven(SPACE)])
  expect(asked).toEqual([PEER])
  await correspondence.stop()
})

it('what was being proven while the members changed is proven again only where it did not come to that', async () => {
  const { asked, correspondence } = table()
  for (const groupId of [SPACE, OTHER]) correspondence.reprove(groupId)
  correspondence.ready(PEER, [proven(SPACE), proven(OTHER)])
  expect(asked).toEqual([])
  for (const groupId of [SPACE, OTHER]) correspondence.reprove(groupId)
  correspondence.ready(PEER, [proven(SPACE), { groupId: OTHER, memberId: UNPROVEN }])
  expect(asked).toEqual([PEER])
  await correspondence.stop()
})

it('nothing of that is left when the session ended meanwhile', async () => {
  const { asked, correspondence } = table()
  correspondence.reproveAll(SPACE)
  correspondence.closed(PEER)
  correspondence.ready(PEER, [proven(SPACE)])
  expect(asked).toEqual([])
  await correspondence.stop()
})
