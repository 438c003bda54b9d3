import { createHash } from 'node:crypto'
import {
  encode,
  generateKeyPackageWithKey,
  keyPackageEncoder,
  privateKeyPackageDecoder,
  privateKeyPackageEncoder,
  protocolVersions,
  verifyKeyPackage,
  verifyLeafNodeSignatureKeyPackage,
  wireformats,
} from 'ts-mls'
import type { KeyPackage, PrivateKeyPackage } from 'ts-mls'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { copyBytes, equalBytes, utf8 } from '../../kernel/bytes.ts'
import { AppError, invariant } from '../../kernel/errors.ts'
import { ok } from '../../kernel/result.ts'
import type { Result } from '../../kernel/result.ts'
import { verifyCredential } from '../../identity/index.ts'
import type { CredentialSubject, LocalIdentity } from '../../identity/index.ts'
import { credentialOf, subjectOfLeaf } from './authentication.ts'
import type { Toolbox } from './context.ts'
import { capabilities } from './extensions.ts'
import type { KeyPackagePair, OfferedKeyPackage, Rejection } from './group-engine.ts'
import { newLeafProblem } from './leaf-shape.ts'
import { LIFETIME } from './limits.ts'
import { isSuiteId, suites } from './provider/suites.ts'
import { reject, rejectionOf } from './reject.ts'
import { opaque, struct } from './tls.ts'
import { decodeMessage, encodeMessage } from './wire.ts'

export interface OpenPair {
  publicPackage: KeyPackage
  privatePackage: PrivateKeyPackage
}

/** A fresh key package of this identity, for what its leaf is certified for. */
export async function makeKeyPackage(tools: Toolbox, scope: GroupId, self: LocalIdentity): Promise<OpenPair> {
  const certified = self.groupId === scope && verifyCredential(self.credential, scope, self.leafPublicKey) !== null
  invariant(certified, 'the identity has no leaf for this group')
  const now = tools.now()
  return generateKeyPackageWithKey({
    credential: credentialOf(self.credential),
    signatureKeyPair: { signKey: copyBytes(self.leafSecret.reveal()), publicKey: copyBytes(self.leafPublicKey) },
    capabilities,
    lifetime: { notBefore: now - BigInt(LIFETIME.backdated), notAfter: now + BigInt(LIFETIME.lasting) },
    // given, because the library would put random extensions in their place
    extensions: [],
    leafNodeExtensions: [],
    cipherSuite: tools.suite(tools.suiteId),
  })
}

/** KeyPackageRef (RFC 9420 §5.2), by which a Welcome names whom it is for. */
export function referenceOf(keyPackage: KeyPackage): string {
  invariant(isSuiteId(keyPackage.cipherSuite), 'a key package of a suite we do not have')
  const input = struct(opaque(utf8('MLS 1.0 KeyPackage Reference')), opaque(encode(keyPackageEncoder, keyPackage)))
  return createHash(suites[keyPackage.cipherSuite].hash).update(input).digest('hex')
}

export const offeredAs = ({ publicPackage }: OpenPair): Pick<OfferedKeyPackage, 'reference' | 'signatureKey'> => ({
  reference: referenceOf(publicPackage),
  signatureKey: copyBytes(publicPackage.leafNode.signaturePublicKey),
})

export const encodePair = ({ publicPackage, privatePackage }: OpenPair): KeyPackagePair => ({
  publicPackage: encodeMessage({
    version: protocolVersions.mls10,
    wireformat: wireformats.mls_key_package,
    keyPackage: publicPackage,
  }),
  privatePackage: encode(privateKeyPackageEncoder, privatePackage),
})

/** Throws `AppError('unreadable')`: pairs are our own. */
export function decodePair(pair: KeyPackagePair): OpenPair {
  const message = decodeMessage(pair.publicPackage)
  const own = copyBytes(pair.privatePackage)
  try {
    const decoded = privateKeyPackageDecoder(own, 0)
    if (message?.wireformat === wireformats.mls_key_package && decoded?.[1] === own.length) {
      return { publicPackage: message.keyPackage, privatePackage: decoded[0] }
    }
  } catch {
    // falls through to what is said of all damage
  }
  throw new AppError('unreadable', 'The stored keys of a request to join cannot be read.')
}

/** What RFC 9420 §10.1 and §7.3 ask of a key package by itself; what they ask of it in a group is checked when it is added. */
async function check(tools: Toolbox, groupId: GroupId, candidate: KeyPackage): Promise<Result<CredentialSubject, Rejection>> {
  // of another protocol version it would not have been decoded
  if (!isSuiteId(candidate.cipherSuite)) return reject('unsupported', 'key package of another suite')
  const { leafNode } = candidate
  const { signature } = tools.suite(candidate.cipherSuite)
  const signed = (await verifyLeafNodeSignatureKeyPackage(leafNode, signature)) && (await verifyKeyPackage(candidate, signature))
  if (!signed) return reject('invalid', 'key package signature')
  if (equalBytes(candidate.initKey, leafNode.hpkePublicKey)) return reject('invalid', 'key package reuses its key')
  if (!('lifetime' in leafNode)) return reject('invalid', 'key package without a lifetime')
  const { notBefore, notAfter } = leafNode.lifetime
  if (notAfter - notBefore > BigInt(LIFETIME.longest)) return reject('invalid', 'key package lives too long')
  if (tools.now() < notBefore || tools.now() > notAfter) return reject('invalid', 'key package outside of its lifetime')
  const problem = newLeafProblem(leafNode, candidate.cipherSuite)
  if (problem !== null) return reject('invalid', problem)
  const subject = subjectOfLeaf(groupId, leafNode)
  return subject === null ? reject('invalid', 'key package credential') : ok(subject)
}

/** Takes any bytes. */
export async function openKeyPackage(
  tools: Toolbox,
  groupId: GroupId,
  bytes: Uint8Array,
): Promise<Result<{ keyPackage: KeyPackage; subject: CredentialSubject }, Rejection>> {
  const message = decodeMessage(bytes)
  if (message?.wireformat !== wireformats.mls_key_package) return reject('malformed', 'not a key package')
  try {
    const checked = await check(tools, groupId, message.keyPackage)
    return checked.ok ? ok({ keyPackage: message.keyPackage, subject: checked.value }) : checked
  } catch (thrown) {
    return { ok: false, error: rejectionOf(thrown, 'key package') }
  }
}
