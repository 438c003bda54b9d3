import { joinGroup, makeKeyPackageRef, wireformats } from 'ts-mls'
import type { ClientState, MlsContext, Welcome } from 'ts-mls'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import { invariant } from '../../kernel/errors.ts'
import { ok } from '../../kernel/result.ts'
import type { Result } from '../../kernel/result.ts'
import { certifiedFor } from '../../identity/index.ts'
import type { GroupPlace } from '../../identity/index.ts'
import { subjectOfLeaf } from './authentication.ts'
import type { Toolbox } from './context.ts'
import { parentOf, settingsOf } from './extensions.ts'
import type { GroupState, KeyPackagePair, Rejection, WelcomeWish } from './group-engine.ts'
import { decodePair } from './key-package.ts'
import type { OpenPair } from './key-package.ts'
import { leafProblem } from './leaf-shape.ts'
import { isSuiteId } from './provider/suites.ts'
import { Refusal, reject, rejectionOf } from './reject.ts'
import { groupIdOf, leaves, memberAt, oneLeafEach, rosterOf } from './roster.ts'
import { enter } from './state.ts'
import { decodeMessage } from './wire.ts'

async function addressee(tools: Toolbox, welcome: Welcome, pairs: readonly OpenPair[]): Promise<OpenPair> {
  const { hash } = tools.suite(welcome.cipherSuite)
  for (const pair of pairs) {
    if (pair.publicPackage.cipherSuite !== welcome.cipherSuite) continue
    const reference = await makeKeyPackageRef(pair.publicPackage, hash)
    if (welcome.secrets.some(({ newMember }) => equalBytes(newMember, reference))) return pair
  }
  throw new Refusal('invalid', 'for none of these key packages')
}

/** What a newcomer verifies beyond RFC 9420 §12.4.3.1, which the library does with our authentication service. */
function checkGroup(client: ClientState, { groupId, parent }: GroupPlace): void {
  if (groupIdOf(client) !== groupId) throw new Refusal('wrong-group', 'an invitation to another group')
  if (client.groupContext.epoch > BigInt(Number.MAX_SAFE_INTEGER)) throw new Refusal('malformed', 'epoch out of range')
  if (settingsOf(client.groupContext.extensions) === null) throw new Refusal('unsupported', 'extensions we do not use')
  if (parentOf(client.groupContext.extensions) !== parent) throw new Refusal('wrong-group', 'a group under another space')
  const scope = certifiedFor({ groupId, parent })
  for (const [, leaf] of leaves(client.ratchetTree)) {
    if (subjectOfLeaf(scope, leaf) === null) throw new Refusal('invalid', 'credential of a member')
    const problem = leafProblem(leaf, client.groupContext.cipherSuite)
    if (problem !== null) throw new Refusal('invalid', problem)
  }
  if (!oneLeafEach(rosterOf(client))) throw new Refusal('invalid', 'a device has two leaves')
}

/** The leaf that signed is known to the library alone, which verifies the signature before it answers. */
function noting(context: MlsContext, signer: (leafIndex: number) => void): MlsContext {
  const { clientConfig } = context
  invariant(clientConfig !== undefined, 'the settings of the engine are ours')
  const inspectTree: typeof clientConfig.inspectTree = (tree, groupContext, leafIndex) => {
    clientConfig.inspectTree?.(tree, groupContext, leafIndex)
    signer(leafIndex)
  }
  return { ...context, clientConfig: { ...clientConfig, inspectTree } }
}

interface Wish extends WelcomeWish {
  pairs: readonly KeyPackagePair[]
}

/** `GroupEngine.join`. Takes any bytes for the Welcome; throws `AppError('unreadable')` if a pair, which is our own, is damaged. */
export async function join(
  tools: Toolbox,
  groupId: GroupId,
  bytes: Uint8Array,
  { pairs, parent = null, accepts = () => true }: Wish,
): Promise<Result<GroupState, Rejection>> {
  const place: GroupPlace = { groupId, parent }
  const scope = certifiedFor(place)
  const opened = pairs.map(decodePair)
  const message = decodeMessage(bytes)
  if (message === null) return reject('malformed', 'not an MLS message')
  if (message.wireformat !== wireformats.mls_welcome) return reject('malformed', 'not a Welcome')
  const { welcome } = message
  if (!isSuiteId(welcome.cipherSuite)) return reject('unsupported', 'a Welcome of another suite')
  try {
    const pair = await addressee(tools, welcome, opened)
    let signer = -1
    const client = await joinGroup({
      context: noting(tools.context(scope, welcome.cipherSuite), (leafIndex) => (signer = leafIndex)),
      welcome,
      keyPackage: pair.publicPackage,
      privateKeys: pair.privatePackage,
    })
    checkGroup(client, place)
    const welcomer = memberAt(scope, client.ratchetTree, signer)
    if (welcomer === null || !accepts(welcomer.memberId)) throw new Refusal('unauthorised', 'a Welcome of somebody who is not asked for it')
    return ok(enter(client))
  } catch (thrown) {
    return { ok: false, error: rejectionOf(thrown, 'welcome') }
  }
}
