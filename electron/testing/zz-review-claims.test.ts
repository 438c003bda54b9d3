import { beforeEach, expect, it } from 'vitest'
import { bring, makeWorld, SPACE } from './fixtures/group-world.ts'
import type { Device, World } from './fixtures/group-world.ts'
import { reconsider } from '../sync/fork-resolution/reconsider.ts'
import { settleIntents, lostIntents } from '../sync/intents/settle-intents.ts'
import { keptClaims, hasLeft } from '../sync/intents/left-claims.ts'
import { seeOff } from '../sync/members/leave.ts'
import { makeLeaveOffer, readLeaveOffer } from '../sync/members/leave-offer.ts'
import { removeMember } from '../sync/members/remove-member.ts'
import { generateKeyPairSync, sign } from 'node:crypto'
import { signLeave } from '../sync/members/leave-claim.ts'
let world: World, ann: Device, bob: Device, carol: Device, finn: Device, others: Device[]
beforeEach(async () => {
  world = await makeWorld('zz claims')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob', 'admin')
  carol = await world.join(ann, 'Carol')
  finn = await world.join(ann, 'Finn')
  others = [await world.join(ann, 'Erin'), await world.join(ann, 'Gus')]
  for (const d of [bob, carol, finn, ...others]) await bring(ann, d)
})
for (const forge of [false, true]) it(`claim ${forge}`, async () => {
  await removeMember(bob.group, carol.group.self)
  await bring(bob, finn)
  await makeLeaveOffer(carol.group)
  const real = readLeaveOffer(carol.store, carol.group)!.request
  console.log(await seeOff(finn.group, real), keptClaims(finn.group).length, hasLeft(finn.group, real))
  if (forge) {
    const pair = generateKeyPairSync('ed25519')
    const leafKey = new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32))
    const seed = new Uint8Array(pair.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32))
    const forged = { ...real, leafKey, signature: signLeave(seed, { groupId: SPACE, leafKey }) }
    console.log('forged', await seeOff(finn.group, forged), keptClaims(finn.group).length, 'real still known:', hasLeft(finn.group, real))
  }
  // Ann's branch wins; Bob is removed there
  await removeMember(ann.group, bob.group.self)
  for (const o of others) { await bring(ann, o); await o.send('here') }
  for (const o of [ann, ...others]) await bring(o, finn)
  await reconsider(finn.group)
  console.log('Finn after choice', finn.group.members().map((m) => m.name), 'lost', lostIntents(finn.group).length)
  await settleIntents(finn.group)
  console.log('forge', forge, 'Finn sees', finn.group.members().map((m) => m.name))
})
