import { expect, it } from 'vitest'
import type { PeerId } from '../../../shared/domain/ids.ts'
import { AppError } from '../../kernel/errors.ts'
import { silentLogger } from '../../kernel/logger.ts'
import type { Network } from '../../ports/network.ts'
import { makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import { Mailboxes } from './mailboxes.ts'

it('reads for the group as it is now what was asked for while a mailbox answered for the one before', async () => {
  const world = await makeWorld('left and came back')
  const ann = await world.found('Ann')
  const bob = await world.join(ann, 'Bob')
  const groups = new Map([[SPACE, ann.group]])
  const asked: (() => void)[] = []
  const mailbox: Network['mailbox'] = () =>
    new Promise((_, reject) => asked.push(() => reject(new AppError('unreachable', 'It does not answer.'))))
  const mailboxes = new Mailboxes({
    ...{ groups, clock: world.clock, random: ann.group.deps.random, logger: silentLogger },
    network: { mailbox } as unknown as Network,
    mailboxesOf: () => [{ peerId: 'mailbox' as PeerId, addresses: [] }],
    publicKeyOf: () => null,
    online: () => new Set(),
    allHave: () => true,
    changed: () => undefined,
  })
  mailboxes.start()
  await expect.poll(() => asked.length).toBe(1)
  // The same space, by another state.
  groups.set(SPACE, bob.group)
  mailboxes.fetch(SPACE)
  asked[0]?.()
  await expect.poll(() => asked.length).toBe(2)
  asked[1]?.()
  await mailboxes.stop()
})
