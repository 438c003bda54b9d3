import { decode, encode, mlsMessageEncoder, protocolVersions, wireformats } from 'ts-mls'
import type { CiphersuiteImpl, ClientState, Welcome } from 'ts-mls'
import { decryptWithLabel, encryptWithLabel } from '../../../../node_modules/ts-mls/dist/src/crypto/hpke.js'
import { expandWithLabel } from '../../../../node_modules/ts-mls/dist/src/crypto/kdf.js'
import { signWithLabel } from '../../../../node_modules/ts-mls/dist/src/crypto/signature.js'
import { extractWelcomeSecret, groupInfoTBSDecoder } from '../../../../node_modules/ts-mls/dist/src/groupInfo.js'
import { groupSecretsDecoder } from '../../../../node_modules/ts-mls/dist/src/groupSecrets.js'
import type { OpenPair } from '../../../crypto/mls/key-package.ts'
import { opaque, struct } from '../../../crypto/mls/tls.ts'

/** A Welcome taken apart (RFC 9420 §12.4.3.1) by the member who made it, to be made again with anything in it. */
export interface OpenWelcome {
  /** GroupSecrets. */
  secrets: Uint8Array
  /** GroupInfoTBS: the GroupInfo without its signature. */
  info: Uint8Array
  /** The same Welcome with other secrets for the same newcomer. */
  withSecrets(secrets: Uint8Array): Promise<Uint8Array>
  /** The same Welcome with another GroupInfo, signed by that member. */
  withInfo(info: Uint8Array): Promise<Uint8Array>
}

interface Parts {
  suite: CiphersuiteImpl
  welcome: Welcome
  /** The newcomer's, whose private half tells what its member knew. */
  pair: OpenPair
  /** Who signs. */
  signer: ClientState
}

export async function openWelcome({ suite, welcome, pair, signer }: Parts): Promise<OpenWelcome> {
  const { hpke, kdf } = suite
  const [entry] = welcome.secrets
  if (entry === undefined) throw new Error('a Welcome for somebody')
  const { kemOutput, ciphertext } = entry.encryptedGroupSecrets
  const privateKey = await hpke.importPrivateKey(pair.privatePackage.initPrivateKey)
  const publicKey = await hpke.importPublicKey(pair.publicPackage.initKey)
  const secrets = await decryptWithLabel(privateKey, 'Welcome', welcome.encryptedGroupInfo, kemOutput, ciphertext, hpke)
  const joinerSecret = decode(groupSecretsDecoder, secrets)?.joinerSecret
  if (joinerSecret === undefined) throw new Error('no group secrets')
  const welcomeSecret = await extractWelcomeSecret(joinerSecret, new Uint8Array(kdf.size), kdf)
  const none = new Uint8Array()
  const key = await expandWithLabel(welcomeSecret, 'key', none, hpke.keyLength, kdf)
  const nonce = await expandWithLabel(welcomeSecret, 'nonce', none, hpke.nonceLength, kdf)
  const groupInfo = await hpke.decryptAead(key, nonce, undefined, welcome.encryptedGroupInfo)
  const read = groupInfoTBSDecoder(groupInfo, 0)
  if (read === undefined) throw new Error('no group info')

  const close = async (given: Uint8Array, encryptedGroupInfo: Uint8Array): Promise<Uint8Array> => {
    const sealed = await encryptWithLabel(publicKey, 'Welcome', encryptedGroupInfo, given, hpke)
    const encryptedGroupSecrets = { kemOutput: sealed.enc, ciphertext: sealed.ct }
    const made = { ...welcome, secrets: [{ newMember: entry.newMember, encryptedGroupSecrets }], encryptedGroupInfo }
    return encode(mlsMessageEncoder, { version: protocolVersions.mls10, wireformat: wireformats.mls_welcome, welcome: made })
  }
  return {
    secrets,
    info: groupInfo.slice(0, read[1]),
    withSecrets: (given) => close(given, welcome.encryptedGroupInfo),
    async withInfo(info) {
      const signature = await signWithLabel(signer.signaturePrivateKey, 'GroupInfoTBS', info, suite.signature)
      return close(secrets, await hpke.encryptAead(key, nonce, undefined, struct(info, opaque(signature))))
    },
  }
}
