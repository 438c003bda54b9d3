import type { Eid, MemberId } from '../../../shared/domain/ids.ts'
import { toHex } from '../../kernel/bytes.ts'
import { acknowledgeEpoch } from '../../sync/fork-resolution/acknowledge.ts'
import { ownKey } from '../../sync/updates/leaf-keys.ts'
import { dueIn } from '../../sync/updates/obstacles.ts'
import type { Company, Obstacle } from '../../sync/updates/obstacles.ts'
import { WEEKLY } from '../../sync/updates/pace.ts'
import { updateLeaf } from '../../sync/updates/update-leaf.ts'
import { bring, makeWorld } from '../fixtures/group-world.ts'
import type { Device, World } from '../fixtures/group-world.ts'

/** Three devices of one group that were all heard in its newest epoch, and whose keys grow old. */
export interface Trio {
  world: World
  ann: Device
  bob: Device
  carol: Device
  /** Gives the others all that one has. */
  spread(from: Device): Promise<void>
  /** All say that they are where they are, and are heard by all. */
  acknowledge(): Promise<void>
  /** What a device knows of the others; all are here, and nowhere else, unless told. */
  companyOf(device: Device, more?: Partial<Company>): Company
  update(device: Device, more?: Partial<Company>): Promise<Obstacle | null>
  /** To the moment in which a device's key is as old as it may become, and on. */
  untilDue(device: Device, andMs?: number): void
}

export const keyOf = ({ group, deps }: Device): string => toHex(ownKey(deps.engine, group.tip.state))

export async function makeTrio(seed: string): Promise<Trio> {
  const world = await makeWorld(seed)
  const ann = await world.found('Ann')
  const bob = await world.join(ann, 'Bob')
  const carol = await world.join(ann, 'Carol')
  const all = [ann, bob, carol]
  const spread = async (from: Device): Promise<void> => {
    for (const to of all) if (to !== from) await bring(from, to)
  }
  const companyOf = (device: Device, more: Partial<Company> = {}): Company => {
    const places = new Map<MemberId, Eid>(all.map(({ group }) => [group.self, group.tip.row.tip]))
    const online = new Set(all.filter((one) => one !== device).map(({ group }) => group.self))
    return { online, places, choosing: false, ...more }
  }
  const trio: Trio = {
    ...{ world, ann, bob, carol, spread, companyOf },
    async acknowledge() {
      for (const { group } of all) await acknowledgeEpoch(group)
      for (const device of all) await spread(device)
    },
    update: (device, more) => updateLeaf(device.group, WEEKLY, () => companyOf(device, more)),
    untilDue: ({ group }, andMs = 0) => world.clock.advance(dueIn(group, WEEKLY) + andMs),
  }
  await spread(ann)
  await trio.acknowledge()
  return trio
}
