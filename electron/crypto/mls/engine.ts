import { createApplicationMessage, createGroup, mlsExporter } from 'ts-mls'
import type { ClientState } from 'ts-mls'
import type { Eid } from '../../../shared/domain/ids.ts'
import { copyBytes, fromHex, toHex } from '../../kernel/bytes.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError, invariant } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Random } from '../../kernel/random.ts'
import { ok } from '../../kernel/result.ts'
import { certifiedFor, decodeCredential } from '../../identity/index.ts'
import type { GroupPlace, LocalIdentity } from '../../identity/index.ts'
import { encodedCredential } from './authentication.ts'
import { currentSettings } from './change.ts'
import { commit } from './commit.ts'
import { makeToolbox } from './context.ts'
import type { Toolbox } from './context.ts'
import { assertCorrected } from './corrections.ts'
import { extensionsWith } from './extensions.ts'
import type { GroupEngine, GroupState } from './group-engine.ts'
import { join } from './join.ts'
import { encodePair, makeKeyPackage, offeredAs, openKeyPackage, referenceOf } from './key-package.ts'
import { AUTHENTICATED_DATA_BYTES, SETTINGS_BYTES } from './limits.ts'
import { XWING_SUITE } from './provider/suites.ts'
import type { SuiteId } from './provider/suites.ts'
import { receive } from './receive.ts'
import { groupIdOf, leafAt, memberAt, parentOfGroup, rosterOf, scopeOf } from './roster.ts'
import { signAsLeaf, verifyAsLeaf } from './signing.ts'
import { decodeParts, encodeParts, movedBetween } from './state-parts.ts'
import { enter, unwrap, wrap } from './state.ts'
import { decodeFramed, encodeMessage } from './wire.ts'

const EID_LABEL = 'spacepanda/eid'
const EID_BYTES = 16

async function create(tools: Toolbox, place: GroupPlace, self: LocalIdentity, settings: Uint8Array): Promise<GroupState> {
  if (settings.length > SETTINGS_BYTES) throw new AppError('too-large', 'The settings of this space are too large.')
  const scope = certifiedFor(place)
  const pair = await makeKeyPackage(tools, scope, self)
  const client = await createGroup({
    context: tools.context(scope, tools.suiteId),
    groupId: fromHex(place.groupId),
    keyPackage: pair.publicPackage,
    privateKeyPackage: pair.privatePackage,
    extensions: extensionsWith(copyBytes(settings), place.parent),
  })
  return enter(client)
}

async function encrypt(tools: Toolbox, client: ClientState, plaintext: Uint8Array, authenticatedData: Uint8Array) {
  if (authenticatedData.length > AUTHENTICATED_DATA_BYTES) throw new AppError('too-large', 'That is too large to send.')
  const made = await createApplicationMessage({
    context: tools.contextOf(client),
    state: client,
    message: copyBytes(plaintext),
    authenticatedData: copyBytes(authenticatedData),
  })
  return { state: wrap(made.newState), message: encodeMessage(made.message) }
}

const exportSecret = (tools: Toolbox, client: ClientState, label: string, context: Uint8Array, length: number): Promise<Uint8Array> =>
  mlsExporter(client.keySchedule.exporterSecret, label, context, length, tools.suite(client.groupContext.cipherSuite))

/**
 * The engine over ts-mls. `suiteId` is that of new groups and key packages; states of both suites are understood.
 * Rejects with `InvariantError` if the installed library lacks our corrections.
 */
export async function createGroupEngine(parts: { clock: Clock; random: Random; logger: Logger; suiteId?: SuiteId }): Promise<GroupEngine> {
  assertCorrected()
  const tools = makeToolbox({ suiteId: XWING_SUITE, ...parts })
  return {
    create: ({ groupId, parent = null, self, settings }) => create(tools, { groupId, parent }, self, settings),
    async keyPackage(scope, self) {
      const made = await makeKeyPackage(tools, scope, self)
      return { ...encodePair(made), ...offeredAs(made) }
    },
    async readKeyPackage(scope, bytes) {
      const opened = await openKeyPackage(tools, scope, bytes)
      if (!opened.ok) return opened
      const { keyPackage, subject } = opened.value
      return ok({ ...subject, signatureKey: copyBytes(keyPackage.leafNode.signaturePublicKey), reference: referenceOf(keyPackage) })
    },
    join: (groupId, welcome, pairs, wish = {}) => join(tools, groupId, welcome, { pairs, ...wish }),
    commit: (state, request) => commit(tools, state, request),
    encrypt: (state, plaintext, authenticatedData) => encrypt(tools, unwrap(state), plaintext, authenticatedData),
    receive: (state, bytes, authorise, options) => receive(tools, state, bytes, authorise, options),
    inspect(bytes) {
      const framed = decodeFramed(bytes)
      return framed.ok ? ok(framed.value.header) : framed
    },

    groupId: (state) => groupIdOf(unwrap(state)),
    parent: (state) => parentOfGroup(unwrap(state)),
    scope: (state) => scopeOf(unwrap(state)),
    epoch: (state) => Number(unwrap(state).groupContext.epoch),
    async eid(state) {
      const client = unwrap(state)
      return toHex(await exportSecret(tools, client, EID_LABEL, client.groupContext.groupId, EID_BYTES)) as Eid
    },
    self(state) {
      const client = unwrap(state)
      const member = memberAt(scopeOf(client), client.ratchetTree, client.privatePath.leafIndex)
      invariant(member !== null, 'our own leaf is not authenticated')
      return member
    },
    members: (state) => rosterOf(unwrap(state)),
    settings: (state) => copyBytes(currentSettings(unwrap(state))),
    leafKey(state, leafIndex) {
      const leaf = leafAt(unwrap(state).ratchetTree, leafIndex)
      return leaf === null ? null : copyBytes(leaf.signaturePublicKey)
    },
    encryptionKey(state, leafIndex) {
      const leaf = leafAt(unwrap(state).ratchetTree, leafIndex)
      return leaf === null ? null : copyBytes(leaf.hpkePublicKey)
    },
    identityKey(state, leafIndex) {
      const leaf = leafAt(unwrap(state).ratchetTree, leafIndex)
      const credential = leaf && decodeCredential(encodedCredential(leaf.credential) ?? new Uint8Array())
      return credential && credential.identityKey
    },
    exportSecret: (state, label, context, length) => exportSecret(tools, unwrap(state), label, context, length),
    sign: (state, label, bytes) => signAsLeaf(unwrap(state), label, bytes),
    verify: (state, label, bytes, leafIndex, signature) => verifyAsLeaf(unwrap(state), label, bytes, leafIndex, signature),

    encode: encodeParts,
    moved: movedBetween,
    decode: decodeParts,
  }
}
