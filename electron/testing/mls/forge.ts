import {
  contentTypes,
  encode,
  mlsMessageEncoder,
  protocolVersions,
  proposalOrRefTypes,
  senderTypes,
  unsafeTestingAuthenticationService,
  wireformats,
} from 'ts-mls'
import type { CiphersuiteImpl, ClientState, MlsContext, PrivateMessage, Proposal, ProposalOrRef } from 'ts-mls'
import { applyProposals, makePskIndex, nextEpochContext } from '../../../node_modules/ts-mls/dist/src/clientState.js'
import { createConfirmationTag, createContentCommitSignature } from '../../../node_modules/ts-mls/dist/src/framedContent.js'
import { initializeEpoch } from '../../../node_modules/ts-mls/dist/src/keySchedule.js'
import { protect } from '../../../node_modules/ts-mls/dist/src/messageProtection.js'
import { encryptSenderData } from '../../../node_modules/ts-mls/dist/src/privateMessage.js'
import { toLeafIndex } from '../../../node_modules/ts-mls/dist/src/treemath.js'
import { treeHashRoot } from '../../../node_modules/ts-mls/dist/src/treeHash.js'
import { defaultClientConfig } from '../../../node_modules/ts-mls/dist/src/clientConfig.js'
import { NOON } from './seeded.ts'

/** What a hostile member can make: it holds every secret of its epoch and signs as itself, and follows no other rule. */

const NONE = new Uint8Array()

/** What the library is given by someone who believes every credential and lives at noon. */
export const credulous = (suite: CiphersuiteImpl): MlsContext => ({
  cipherSuite: suite,
  authService: unsafeTestingAuthenticationService,
  clientConfig: {
    ...defaultClientConfig,
    lifetimeConfig: { ...defaultClientConfig.lifetimeConfig, currentTime: () => BigInt(NOON / 1000) },
  },
})

export const byValue = (proposals: readonly Proposal[]): ProposalOrRef[] =>
  proposals.map((proposal) => ({ proposalOrRefType: proposalOrRefTypes.proposal, proposal }))

const framed = (privateMessage: PrivateMessage): Uint8Array =>
  encode(mlsMessageEncoder, { version: protocolVersions.mls10, wireformat: wireformats.mls_private_message, privateMessage })

/** A commit without a path whose signature is right; its confirmation tag too, if `honest` proposals lead to an epoch. */
export async function forgePathlessCommit(
  client: ClientState,
  suite: CiphersuiteImpl,
  proposals: ProposalOrRef[],
  options: { honest: boolean },
): Promise<Uint8Array> {
  const leafIndex = toLeafIndex(client.privatePath.leafIndex)
  const sender = { senderType: senderTypes.member, leafIndex } as const
  const commit = { proposals, path: undefined }
  const { framedContent, signature } = await createContentCommitSignature(
    client.groupContext,
    'mls_private_message',
    commit,
    sender,
    NONE,
    client.signaturePrivateKey,
    suite.signature,
  )
  let confirmationTag: Uint8Array = new Uint8Array(suite.kdf.size)
  if (options.honest) {
    const tree = client.ratchetTree.slice()
    const index = makePskIndex(undefined, {})
    const { authService, clientConfig = defaultClientConfig } = credulous(suite)
    const applied = await applyProposals(client, tree, proposals, leafIndex, index, false, clientConfig, authService, suite)
    const treeHash = await treeHashRoot(tree, suite.hash)
    const { groupContext, confirmationTag: before } = client
    const next = await nextEpochContext(groupContext, 'mls_private_message', framedContent, signature, treeHash, before, suite.hash)
    const zero = new Uint8Array(suite.kdf.size)
    const epoch = await initializeEpoch(client.keySchedule.initSecret, zero, next, applied.pskSecret, suite.kdf)
    confirmationTag = await createConfirmationTag(epoch.keySchedule.confirmationKey, next.confirmedTranscriptHash, suite.hash)
  }
  const content = { ...framedContent, auth: { contentType: contentTypes.commit, signature, confirmationTag } }
  const { senderDataSecret } = client.keySchedule
  const padding = defaultClientConfig.paddingConfig
  const made = await protect(senderDataSecret, NONE, client.groupContext, client.secretTree, content, leafIndex, padding, suite)
  return framed(made.privateMessage)
}

/** A message of noise whose sender data names any leaf and generation. */
export async function forgeSenderData(
  client: ClientState,
  suite: CiphersuiteImpl,
  leafIndex: number,
  generation: number,
): Promise<Uint8Array> {
  const { groupId, epoch } = client.groupContext
  const contentType = contentTypes.application
  const ciphertext = new Uint8Array(200).fill(7)
  const senderData = { leafIndex, generation, reuseGuard: new Uint8Array(4) as Parameters<typeof encryptSenderData>[1]['reuseGuard'] }
  const { senderDataSecret } = client.keySchedule
  const aad = { groupId, epoch, contentType }
  const encryptedSenderData = await encryptSenderData(senderDataSecret, senderData, aad, ciphertext, suite)
  return framed({ groupId, epoch, contentType, authenticatedData: NONE, encryptedSenderData, ciphertext })
}
