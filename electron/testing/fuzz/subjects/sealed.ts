import { contentTypes, decode, encode, mlsMessageDecoder, mlsMessageEncoder, protocolVersions, senderTypes, wireformats } from 'ts-mls'
import type { CiphersuiteImpl, ClientState, PrivateMessage } from 'ts-mls'
import { signWithLabel } from '../../../../node_modules/ts-mls/dist/src/crypto/signature.js'
import { groupContextEncoder } from '../../../../node_modules/ts-mls/dist/src/groupContext.js'
import { decryptSenderData, encryptSenderData, privateContentAADEncoder } from '../../../../node_modules/ts-mls/dist/src/privateMessage.js'
import { ratchetToGeneration } from '../../../../node_modules/ts-mls/dist/src/secretTree.js'
import { expandSenderDataKey, expandSenderDataNonce, senderDataAADEncoder } from '../../../../node_modules/ts-mls/dist/src/sender.js'
import { opaque, struct, uint16, uint64 } from '../../../crypto/mls/tls.ts'

/**
 * A private message taken apart by somebody who has the keys, as every member has, to be put together again around something else:
 * what it encrypts is decoded by the others before they know that its signature does not hold.
 */
export interface Sealed {
  /** The content as it was encrypted: application data or commit, signature, confirmation tag (RFC 9420 §6.3.1). */
  inner: Uint8Array
  /** The same message with other content. */
  reseal(inner: Uint8Array): Promise<Uint8Array>
  /** The same message with other sender data (§6.3.2): 12 bytes, if it is any. */
  resealSender(senderData: Uint8Array): Promise<Uint8Array>
  senderData: Uint8Array
}

const framed = (privateMessage: PrivateMessage): Uint8Array =>
  encode(mlsMessageEncoder, { version: protocolVersions.mls10, wireformat: wireformats.mls_private_message, privateMessage })

const retention = { retainKeysForGenerations: 10, retainKeysForEpochs: 0, maximumForwardRatchetSteps: 10 }

export async function openSealed(suite: CiphersuiteImpl, client: ClientState, bytes: Uint8Array): Promise<Sealed> {
  const message = decode(mlsMessageDecoder, bytes)
  if (message?.wireformat !== wireformats.mls_private_message) throw new Error('not a private message')
  const { privateMessage } = message
  const { senderDataSecret } = client.keySchedule
  const senderData = await decryptSenderData(privateMessage, senderDataSecret, suite)
  if (senderData === undefined) throw new Error('no sender data')
  const { key, nonce } = await ratchetToGeneration(client.secretTree, senderData, privateMessage.contentType, retention, suite)
  const { groupId, epoch, contentType, authenticatedData, ciphertext } = privateMessage
  const aad = encode(privateContentAADEncoder, { groupId, epoch, contentType, authenticatedData })
  const senderAad = { groupId, epoch, contentType }
  return {
    inner: await suite.hpke.decryptAead(key, nonce, aad, ciphertext),
    senderData: struct(uint32(senderData.leafIndex), uint32(senderData.generation), senderData.reuseGuard),
    async reseal(inner) {
      const sealed = await suite.hpke.encryptAead(key, nonce, aad, inner)
      const encryptedSenderData = await encryptSenderData(senderDataSecret, senderData, senderAad, sealed, suite)
      return framed({ ...privateMessage, encryptedSenderData, ciphertext: sealed })
    },
    async resealSender(data) {
      const [dataKey, dataNonce] = [
        await expandSenderDataKey(suite, senderDataSecret, ciphertext),
        await expandSenderDataNonce(suite, senderDataSecret, ciphertext),
      ]
      const encryptedSenderData = await suite.hpke.encryptAead(dataKey, dataNonce, encode(senderDataAADEncoder, senderAad), data)
      return framed({ ...privateMessage, encryptedSenderData })
    },
  }
}

const uint32 = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return new Uint8Array(bytes)
}

/** What a member of this epoch signs of a commit in a private message: FramedContentTBS (§6.1), around any bytes for the commit. */
export function signCommit(suite: CiphersuiteImpl, client: ClientState, commit: Uint8Array): Promise<Uint8Array> {
  const { groupContext, privatePath, signaturePrivateKey } = client
  const tbs = struct(
    uint16(protocolVersions.mls10),
    uint16(wireformats.mls_private_message),
    opaque(groupContext.groupId),
    uint64(groupContext.epoch),
    Uint8Array.of(senderTypes.member),
    uint32(privatePath.leafIndex),
    opaque(new Uint8Array()),
    Uint8Array.of(contentTypes.commit),
    commit,
    encode(groupContextEncoder, groupContext),
  )
  return signWithLabel(signaturePrivateKey, 'FramedContentTBS', tbs, suite.signature)
}
