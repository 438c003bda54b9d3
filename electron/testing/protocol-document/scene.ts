import { createGroupEngine, X25519_SUITE } from '../../crypto/mls/index.ts'
import { encodeLocalIdentity } from '../../identity/index.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { enterGroup } from '../../sync/group/found-group.ts'
import type { GroupDeps } from '../../sync/group/group-deps.ts'
import { Membership } from '../../sync/group/membership.ts'
import { signClaim } from '../../sync/invitations/keys.ts'
import { authorise } from '../../sync/policy/authorise.ts'
import { encodeSettings } from '../../sync/policy/settings.ts'
import { withAdmission } from '../../sync/policy/transitions.ts'
import { encodeContent } from '../../sync/content/mimi-content.ts'
import { createMemoryStore } from '../fakes/memory-store.ts'
import { unwrapOk, NONE } from '../mls/party.ts'
import { handClock, seededRandom } from '../mls/seeded.ts'
import { firstWords } from './examples/content.ts'
import { ann, annUnder, bob, GROUP, INVITATION, INVITATION_SEED, NOON, REQUEST, settings, settingsUnder, UNDER } from './people.ts'

/** Bob's claim to be let in, signed with the private half of the invitation. */
export const claim = { groupId: GROUP, invitationId: INVITATION, requestId: REQUEST, memberId: bob.memberId, deviceId: bob.deviceId }
export const admission = {
  invitationId: INVITATION,
  requestId: REQUEST,
  memberId: bob.memberId,
  at: NOON,
  signature: signClaim(INVITATION_SEED, claim),
}

/** Ann lets Bob in and writes to him, by the real engine with suite 1, whose keys are short, and bytes that are the same each time. */
export async function makeScene() {
  const [clock, random] = [handClock(NOON), seededRandom('protocol document')]
  const engine = await createGroupEngine({ clock, random, logger: silentLogger, suiteId: X25519_SUITE })
  const alone = await engine.create({ groupId: GROUP, self: ann, settings: encodeSettings(settings) })
  const offer = await engine.keyPackage(GROUP, bob)
  const after = encodeSettings(withAdmission(settings, admission))
  const made = unwrapOk(await engine.commit(alone, { add: [offer.publicPackage], settings: after, authenticatedData: NONE }))
  const objection = authorise(GROUP)(made.change)
  if (objection !== null) throw new Error(objection)
  const joined = unwrapOk(await engine.join(GROUP, made.welcome ?? NONE, [offer]))
  const { message } = await engine.encrypt(made.state, encodeContent(firstWords), NONE)
  const depsOf = (): GroupDeps => ({ engine, store: createMemoryStore(), clock, random, logger: silentLogger, events })
  const annGroup = await enterGroup(depsOf(), made.state, encodeLocalIdentity(ann), () => undefined)
  const bobGroup = await enterGroup(depsOf(), joined, encodeLocalIdentity(bob), () => undefined)
  const annProver = new Membership(new Map([[GROUP, annGroup]]), random)
  const bobProver = new Membership(new Map([[GROUP, bobGroup]]), random)
  const under = await engine.create({ groupId: UNDER, parent: GROUP, self: annUnder, settings: encodeSettings(settingsUnder) })
  return { engine, alone, under, offer, message, annGroup, bobGroup, annProver, bobProver }
}
export type Scene = Awaited<ReturnType<typeof makeScene>>

const nothing = (): void => undefined
const events: GroupDeps['events'] = {
  messageAdded: nothing,
  deliveryChanged: nothing,
  epochChanged: nothing,
  objectStored: nothing,
  contested: nothing,
  intentFailed: nothing,
  outdated: nothing,
  ended: nothing,
  back: nothing,
}
