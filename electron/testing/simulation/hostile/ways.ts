import type { Eid } from '../../../../shared/domain/ids.ts'
import type { Frontier, ObjectPush } from '../../../ports/wire.ts'
import type { Tamper } from '../network/tamper.ts'
import type { SimNode } from '../node/sim-node.ts'
import type { World } from '../world.ts'

/** A way to be hostile that lasts: what becomes of all that a member's messenger says. */
export interface Way {
  name: string
  tamper: Tamper | null
}

const HONEST: Tamper = { push: (push) => push, frontier: (frontier) => frontier, acks: (acks) => acks }

const lying = (lie: (frontier: Frontier) => Frontier): Tamper => ({ ...HONEST, frontier: lie })

const allAt =
  (seq: number) =>
  (frontier: Frontier): Frontier => ({
    ...frontier,
    senders: frontier.senders.map(({ memberId }) => ({ memberId, seq })),
  })

/** Until it has other ways: then its couriers bring all that was kept back. */
const withoutCommits =
  ({ engine }: SimNode) =>
  (push: ObjectPush): ObjectPush | null => {
    const objects = push.objects.filter(({ bytes }) => {
      const header = engine.inspect(bytes)
      return !header.ok || header.value.kind !== 'commit'
    })
    return objects.length === 0 ? null : { ...push, objects }
  }

export function ways(world: World, node: SimNode): Way[] {
  return [
    { name: 'is honest', tamper: null },
    { name: 'says it has nothing', tamper: lying(allAt(0)) },
    { name: 'says it has everything', tamper: lying(allAt(2 ** 40)) },
    { name: 'says it is far behind', tamper: lying((frontier) => ({ ...frontier, epoch: 0, eid: node.random.id<Eid>() })) },
    {
      name: 'says it is far ahead',
      tamper: lying((frontier) => ({ ...frontier, epoch: frontier.epoch + 1_000, eid: node.random.id<Eid>() })),
    },
    { name: 'brings nothing', tamper: { ...HONEST, push: () => null } },
    { name: 'takes nothing', tamper: { ...HONEST, acks: (acks) => acks.map(() => 'later') } },
    { name: 'knows no epoch', tamper: { ...HONEST, acks: (acks) => acks.map(() => 'unknown-epoch') } },
    { name: 'says that all is stored', tamper: { ...HONEST, acks: (acks) => acks.map(() => 'stored') } },
    ...(world.options.concurrentCommits
      ? [
          { name: 'keeps its commits to itself', tamper: { ...HONEST, push: withoutCommits(node) } },
          {
            name: 'says it is in another epoch of that number',
            tamper: lying((frontier) => ({ ...frontier, eid: node.random.id<Eid>() })),
          },
        ]
      : []),
  ]
}
