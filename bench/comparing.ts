import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { PeerId } from '../shared/domain/ids.ts'
import { systemClock } from '../electron/kernel/clock.ts'
import { systemRandom } from '../electron/kernel/random.ts'
import type { Network } from '../electron/ports/network.ts'
import type { Frontier } from '../electron/ports/wire.ts'
import { groupFrontier } from '../electron/sync/anti-entropy/group-frontier.ts'
import { Courier } from '../electron/sync/delivery/courier.ts'
import { Turns } from '../electron/sync/delivery/turns.ts'
import { receiveObject } from '../electron/sync/group/receive/receive-objects.ts'
import { renameSpace } from '../electron/sync/members/change-space.ts'
import { begin, rowsOf } from './lib/report.ts'
import type { Line } from './lib/report.ts'
import { alternate } from './lib/rounds.ts'
import type { Turn } from './lib/rounds.ts'
import { Stopwatch } from './lib/stopwatch.ts'
import { timedGroup } from './lib/timed-group.ts'
import type { Part, TimedGroup } from './lib/timed-group.ts'

const MEMBERS = 25
const EPOCHS = 40
const ROUNDS = 12
const COMPARISONS_A_ROUND = 25

type Name = 'in full' | 'told by little' | 'told by little, after a write'

const LINES: Line<Name>[] = [
  { name: 'in full', unit: 'ms', against: null },
  { name: 'told by little', unit: 'ms', against: 'in full' },
  { name: 'told by little, after a write', unit: 'ms', against: 'in full' },
]

/** All that was done is at both, and of everybody it is noted how much they wrote. */
async function live({ alice, bob }: TimedGroup): Promise<void> {
  for (let nth = 0; nth < EPOCHS; nth += 1) {
    await renameSpace(alice.group, `Bench ${nth}`)
    const commit = alice.store.commits.into(alice.group.groupId, alice.group.tip.row.tip)
    const object = commit && alice.store.objects.get(commit.objectId)
    if (object === null || (await receiveObject(bob.group, { eid: object.eid, bytes: object.bytes })) !== 'stored')
      throw new Error('the other did not follow')
  }
  for (const { group, store } of [alice, bob])
    store.transaction((tx) => {
      for (const { memberId } of group.members())
        if (memberId !== group.self) tx.senders.put({ groupId: group.groupId, memberId, seq: 0, ahead: [], lastObject: null })
    })
}

/** What one end spends on a comparison that finds nothing, without the network. */
function comparing({ alice, bob }: TimedGroup, name: Name): Turn<Name> {
  const network = { push: () => Promise.reject(new Error('there is nothing to bring')) }
  const to = { peerId: 'bob' as PeerId, memberId: bob.group.self }
  const courier = new Courier(alice.group, network as unknown as Network, to, new Turns(systemClock))
  const told = groupFrontier(bob.group)
  // Who came in twice may lack what was between, which takes looking.
  const theirs: Frontier = name === 'in full' ? { ...told, roots: [...told.roots, ...told.roots] } : told
  return async () => {
    const samples: number[] = []
    for (let nth = 0; nth < COMPARISONS_A_ROUND; nth += 1) {
      if (name === 'told by little, after a write') alice.store.transaction((tx) => tx.settings.set('bench', systemRandom.bytes(8)))
      await setImmediate()
      const started = performance.now()
      courier.compare(theirs)
      await courier.idle()
      samples.push(performance.now() - started)
    }
    return { [name]: samples }
  }
}

async function main(): Promise<void> {
  const report = await begin('comparing', `a comparison of two members that finds nothing, in a group of ${MEMBERS} and ${EPOCHS} epochs`)
  const folder = await mkdtemp(join(tmpdir(), 'spacepanda-bench-'))
  const group = await timedGroup(folder, MEMBERS, new Stopwatch<Part>())
  try {
    await live(group)
    const names = LINES.map((line) => line.name)
    const measured = await alternate(
      names,
      names.map((name) => comparing(group, name)),
      { rounds: ROUNDS, warmUp: 2, budgetMs: 15_000 },
    )
    await report.finish(rowsOf(LINES, measured), [])
  } finally {
    group.close()
    await rm(folder, { recursive: true, force: true })
  }
}

await main()
